"""Who may act for a structure, and finding what one may change: unknown and other people's look the same."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.refusals.offer import OfferNotFound
from catalog.domain.refusals.stock import StockNotFound
from catalog.persistence import copies, offers, stocks
from catalog.persistence.records import OfferRecord, StockRecord
from chassis.auth import Principal


def acts_for(principal: Principal | None, structure_id: UUID) -> bool:
    """Admins act for every structure, pros for those named by their token."""
    if principal is None:
        return False
    return "admin" in principal.roles or (
        "pro" in principal.roles and structure_id in principal.structure_ids
    )


async def may_begin(connection: AsyncConnection, principal: Principal, structure_id: UUID) -> bool:
    """As `acts_for`; an admin's token proves nothing of an id, so the structure must then be known."""
    if "pro" in principal.roles and structure_id in principal.structure_ids:
        return True
    return (
        acts_for(principal, structure_id)
        and await copies.find_structure(connection, structure_id) is not None
    )


async def lock_own_offer(
    connection: AsyncConnection, offer_id: UUID, principal: Principal
) -> OfferRecord | OfferNotFound:
    """The offer, locked: nobody adds stocks to it or publishes it meanwhile."""
    offer = await offers.lock_offer(connection, offer_id)
    if offer is None or not acts_for(principal, offer.structure_id):
        return OfferNotFound()
    return offer


async def lock_own_stock(
    connection: AsyncConnection, stock_id: UUID, principal: Principal
) -> tuple[StockRecord, OfferRecord] | StockNotFound:
    """The stock, locked, and its offer's, held as it is. Locks go from offer to stock."""
    seen = await stocks.find_stock(connection, stock_id)
    offer = None if seen is None else await offers.share_offer(connection, seen.offer_id)
    if offer is None or not acts_for(principal, offer.structure_id):
        return StockNotFound()
    stock = await stocks.lock_stock(connection, stock_id)
    return StockNotFound() if stock is None else (stock, offer)
