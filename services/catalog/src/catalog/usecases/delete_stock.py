"""A pro deletes a stock; booking cancels what was booked of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.stock import check_stock_deletion
from catalog.persistence import stocks
from catalog.usecases.announce import stock_event
from catalog.usecases.owned import lock_own_stock, offer_of_stock
from chassis.auth import Principal
from chassis.outbox import emit
from chassis.refusals import Refusal


async def delete_stock(
    connection: AsyncConnection, *, stock_id: UUID, principal: Principal, now: datetime
) -> UUID | Refusal:
    """The stock's id. The row stays, marked as deleted."""
    own = await lock_own_stock(connection, stock_id, principal)
    if isinstance(own, Refusal):
        return own
    stock, offer = own
    refusal = check_stock_deletion(offer_of_stock(offer), stock.starts_at, now)
    if refusal is not None:
        return refusal
    deleted = await stocks.delete_stock(connection, stock_id)
    await emit(connection, [stock_event("stock.deleted", deleted)])
    return stock_id
