"""A pro changes the price, the number of places or the dates of a stock."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.refusals.stock import StockNotFound
from catalog.domain.refusals.venue import StructureNotOpen
from catalog.domain.stock import StockAsItStands, StockDraft, StockEditionRefusal, check_stock_edition
from catalog.messages.stock import stock_event
from catalog.persistence import offers, stocks
from catalog.persistence.records import StockRecord
from catalog.usecases.access import check_structure, lock_own_stock
from chassis.auth import Principal
from chassis.outbox import emit

UpdateStockRefusal = StockNotFound | StructureNotOpen | StockEditionRefusal


async def update_stock(
    connection: AsyncConnection,
    *,
    stock_id: UUID,
    change: Callable[[StockDraft], StockDraft],
    principal: Principal,
    now: datetime,
) -> StockRecord | UpdateStockRefusal:
    """The stock, `change`d from how it stands.

    What is booked is what booking last published: should a place be taken meanwhile, booking
    goes on honouring it and offers no more.
    """
    own = await lock_own_stock(connection, stock_id, principal)
    if isinstance(own, StockNotFound):
        return own
    stock, offer = own
    not_open = await check_structure(connection, offer.structure_id)
    if not_open is not None:
        return not_open
    before = StockAsItStands(
        stock.price_cents, stock.quantity, stock.starts_at, stock.booking_limit_at, stock.booked
    )
    after = change(StockDraft(stock.price_cents, stock.quantity, stock.starts_at, stock.booking_limit_at))
    kind = await offers.of_stock(connection, offer)
    refusal = check_stock_edition(kind, before, after, now)
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
    return written
