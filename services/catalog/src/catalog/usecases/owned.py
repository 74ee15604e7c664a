"""Finding what a pro wants to change: unknown and other people's look the same."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.compliance import OfferValidation
from catalog.domain.refusals.offer import OfferNotFound
from catalog.domain.refusals.stock import StockNotFound
from catalog.domain.stock import OfferOfStock
from catalog.domain.subcategories import SUBCATEGORIES
from catalog.persistence import offers, stocks
from catalog.persistence.records import OfferRecord, StockRecord
from catalog.usecases.authorisation import acts_for
from chassis.auth import Principal
from chassis.refusals import Refusal


async def lock_own_offer(
    connection: AsyncConnection, offer_id: UUID, principal: Principal
) -> OfferRecord | Refusal:
    """The offer, locked: nobody adds stocks to it or publishes it meanwhile."""
    offer = await offers.lock_offer(connection, offer_id)
    if offer is None or not acts_for(principal, offer.structure_id):
        return OfferNotFound()
    return offer


async def lock_own_stock(
    connection: AsyncConnection, stock_id: UUID, principal: Principal
) -> tuple[StockRecord, OfferRecord] | Refusal:
    """The stock, locked, and its offer's, held as it is. Locks go from offer to stock."""
    seen = await stocks.find_stock(connection, stock_id)
    offer = None if seen is None else await offers.share_offer(connection, seen.offer_id)
    if offer is None or not acts_for(principal, offer.structure_id):
        return StockNotFound()
    stock = await stocks.lock_stock(connection, stock_id)
    return StockNotFound() if stock is None else (stock, offer)


def offer_of_stock(offer: OfferRecord) -> OfferOfStock:
    """What the rules of a stock need of its offer."""
    return OfferOfStock(
        is_event=SUBCATEGORIES[offer.subcategory_id].is_event, validation=OfferValidation(offer.validation)
    )
