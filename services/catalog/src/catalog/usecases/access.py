"""Who may act for a structure, and finding what one may change: unknown and other people's look the same."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import StructureStatus
from catalog.domain.refusals.offer import OfferNotFound
from catalog.domain.refusals.stock import StockNotFound
from catalog.domain.refusals.venue import StructureNotOpen
from catalog.domain.structures import check_editable
from catalog.persistence import copies, offers, stocks
from catalog.persistence.records import OfferRecord, StockRecord
from chassis.auth import Principal


def acts_for(principal: Principal | None, structure_id: UUID) -> bool:
    """Pros act for the structures that their token names; staff for none, ever."""
    return (
        principal is not None
        and "pro" in principal.roles
        and "admin" not in principal.roles
        and structure_id in principal.structure_ids
    )


def sees_all_of(principal: Principal | None, structure_id: UUID) -> bool:
    """Those who act for a structure, and admins, see what others do not of it."""
    return principal is not None and ("admin" in principal.roles or acts_for(principal, structure_id))


async def check_structure(connection: AsyncConnection, structure_id: UUID) -> StructureNotOpen | None:
    """Whether a structure's catalogue may be edited; one whose event has not come yet is pending."""
    structure = await copies.find_structure(connection, structure_id)
    if structure is None:
        return None
    return check_editable(structure.may_edit, StructureStatus(structure.status))


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
