"""A pro deletes a stock; booking cancels what was booked of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.refusals.stock import StockNotFound
from catalog.domain.stock import StockDeletionRefusal, check_stock_deletion
from catalog.messages.stock import stock_event
from catalog.persistence import offers, stocks
from catalog.persistence.records import StockRecord
from catalog.usecases.access import lock_own_stock
from chassis.auth import Principal
from chassis.outbox import emit

DeleteStockRefusal = StockNotFound | StockDeletionRefusal


async def delete_stock(
    connection: AsyncConnection, *, stock_id: UUID, principal: Principal, now: datetime
) -> StockRecord | DeleteStockRefusal:
    """The stock, marked as deleted; its row stays."""
    own = await lock_own_stock(connection, stock_id, principal)
    if isinstance(own, StockNotFound):
        return own
    stock, offer = own
    kind = await offers.of_stock(connection, offer)
    refusal = check_stock_deletion(kind, stock.starts_at, now)
    if refusal is not None:
        return refusal
    deleted = await stocks.delete_stock(connection, stock_id)
    await emit(connection, [stock_event("stock.deleted", deleted)])
    return deleted
