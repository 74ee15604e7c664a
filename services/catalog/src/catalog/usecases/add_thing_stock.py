"""A pro adds a lot of a thing: no tariff and no start."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.refusals.offer import OfferNotFound
from catalog.domain.refusals.venue import StructureNotOpen
from catalog.domain.stock import StockDraft
from catalog.persistence.records import StockRecord
from catalog.usecases.access import check_structure, lock_own_offer
from catalog.usecases.save_stocks import SaveStocksRefusal, save_stocks
from chassis.auth import Principal

AddThingStockRefusal = OfferNotFound | StructureNotOpen | SaveStocksRefusal


async def add_thing_stock(
    connection: AsyncConnection, *, offer_id: UUID, draft: StockDraft, principal: Principal, now: datetime
) -> StockRecord | AddThingStockRefusal:
    """The new stock."""
    offer = await lock_own_offer(connection, offer_id, principal)
    if isinstance(offer, OfferNotFound):
        return offer
    not_open = await check_structure(connection, offer.structure_id)
    if not_open is not None:
        return not_open
    added = await save_stocks(connection, offer, [(None, draft)], now)
    return added[0] if isinstance(added, list) else added
