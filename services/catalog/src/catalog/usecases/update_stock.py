"""A pro changes the price, the number of places or the dates of a stock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.stock import StockAsItStands, StockDraft, check_stock_edition
from catalog.persistence import stocks
from catalog.usecases.announce import stock_event
from catalog.usecases.owned import lock_own_stock, offer_of_stock
from chassis.auth import Principal
from chassis.outbox import emit
from chassis.refusals import Refusal


async def update_stock(
    connection: AsyncConnection,
    *,
    stock_id: UUID,
    changes: Mapping[str, Any],
    principal: Principal,
    now: datetime,
) -> UUID | Refusal:
    """The stock's id; `changes` holds only the fields to change, by their name in `StockDraft`.

    What is booked is what booking last told: should a place be taken meanwhile, booking goes
    on honouring it and offers no more.
    """
    own = await lock_own_stock(connection, stock_id, principal)
    if isinstance(own, Refusal):
        return own
    stock, offer = own
    before = StockAsItStands(
        stock.price_cents, stock.quantity, stock.starts_at, stock.booking_limit_at, stock.booked
    )
    unchanged = StockDraft(stock.price_cents, stock.quantity, stock.starts_at, stock.booking_limit_at)
    after = replace(unchanged, **changes)
    refusal = check_stock_edition(offer_of_stock(offer), before, after, now)
    if refusal is not None:
        return refusal
    written = await stocks.write_stock(
        connection,
        stock_id,
        price_cents=after.price_cents,
        quantity=after.quantity,
        starts_at=after.starts_at,
        booking_limit_at=after.booking_limit_at,
    )
    await emit(connection, [stock_event("stock.changed", written)])
    return stock_id
