"""What one request reads, together and once."""

from typing import TypeVar
from uuid import UUID

from catalog.persistence.copies import booked_by, venues_booked_by
from catalog.persistence.offers import offers_by_id
from catalog.persistence.records import SeenOffer, SeenVenue, StockRecord
from catalog.persistence.stocks import live_stocks_by_offer, stocks_by_id
from catalog.persistence.venues import venues_by_id, venues_by_structure
from chassis.graphql import Info, load

T = TypeVar("T")


async def load_venue(info: Info, id_: UUID) -> SeenVenue | None:
    return await load(info, venues_by_id, id_)


async def load_venues_of(info: Info, structure_id: UUID) -> list[SeenVenue]:
    """Every venue of a structure, oldest first."""
    return await load(info, venues_by_structure, structure_id) or []


async def load_offer(info: Info, id_: UUID) -> SeenOffer | None:
    return await load(info, offers_by_id, id_)


async def load_stock(info: Info, id_: UUID) -> StockRecord | None:
    return await load(info, stocks_by_id, id_)


async def has_booked(info: Info, offer_id: UUID) -> bool:
    """Whether the asker has ever booked the offer."""
    asker = info.context.principal
    return asker is not None and bool(await load(info, booked_by, (asker.person_id, offer_id)))


async def has_booked_at(info: Info, venue_id: UUID) -> bool:
    """Whether the asker has ever booked an offer of the venue."""
    asker = info.context.principal
    return asker is not None and bool(await load(info, venues_booked_by, (asker.person_id, venue_id)))


async def load_live_stocks(info: Info, offer_id: UUID) -> list[StockRecord]:
    """The stocks of an offer that are not deleted, by start."""
    return await load(info, live_stocks_by_offer, offer_id) or []


async def written_venue(info: Info, id_: UUID) -> SeenVenue:
    """A venue that the request has just written."""
    return _there(await load_venue(info, id_))


async def written_offer(info: Info, id_: UUID) -> SeenOffer:
    """An offer that the request has just written."""
    return _there(await load_offer(info, id_))


async def written_stock(info: Info, id_: UUID) -> StockRecord:
    """A stock that the request has just written."""
    return _there(await load_stock(info, id_))


def _there(found: T | None) -> T:
    assert found is not None
    return found
