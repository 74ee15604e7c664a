"""What the API reads: whole pages and whole batches, one statement each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import PlaceFacts, StructureStatus
from catalog.persistence.records import OfferRecord, StockRecord, VenueRecord
from catalog.persistence.tables import offers, stocks, structures, venues


@dataclass(frozen=True, slots=True)
class SeenVenue:
    venue: VenueRecord
    structure_status: StructureStatus


@dataclass(frozen=True, slots=True)
class SeenOffer:
    """An offer with what decides, beside its stocks, whether others may see it."""

    offer: OfferRecord
    place: PlaceFacts


def _among(column: sa.Column[Any], name: str) -> sa.ColumnElement[bool]:
    return column == sa.func.any(sa.bindparam(name, type_=sa.ARRAY(sa.Uuid)))


_VENUES = sa.select(venues, structures.c.status).join_from(venues, structures)
_VENUES_BY_ID = _VENUES.where(_among(venues.c.id, "ids"))
_VENUES_BY_STRUCTURE = _VENUES.where(_among(venues.c.structure_id, "ids")).order_by(venues.c.id)

_OFFERS = (
    sa.select(offers, structures.c.status, venues.c.is_validated)
    .join_from(offers, venues, offers.c.venue_id == venues.c.id)
    .join(structures, offers.c.structure_id == structures.c.id)
)
_OFFERS_BY_ID = _OFFERS.where(_among(offers.c.id, "ids"))

_STOCKS_BY_ID = sa.select(stocks).where(_among(stocks.c.id, "ids"))
_LIVE_STOCKS_BY_OFFER = (
    sa.select(stocks)
    .where(_among(stocks.c.offer_id, "ids"), stocks.c.is_deleted.is_(False))
    .order_by(stocks.c.starts_at.nulls_first(), stocks.c.price_cents, stocks.c.id)
)

_NOW = sa.bindparam("now", type_=sa.DateTime(timezone=True))
SEARCHABLE = sa.and_(
    structures.c.status == StructureStatus.VALIDATED.value,
    venues.c.is_validated,
    offers.c.validation == "APPROVED",
    offers.c.published_at <= _NOW,
    sa.exists().where(
        stocks.c.offer_id == offers.c.id,
        stocks.c.is_deleted.is_(False),
        sa.or_(stocks.c.starts_at.is_(None), stocks.c.starts_at > _NOW),
        sa.or_(stocks.c.booking_limit_at.is_(None), stocks.c.booking_limit_at > _NOW),
        sa.or_(stocks.c.quantity.is_(None), stocks.c.quantity > stocks.c.booked),
    ),
)
"""`domain.visibility.is_searchable`, newest edition, as SQL; a test holds the two equal."""


def _seen_venue(row: Any) -> SeenVenue:
    *venue, status = row
    return SeenVenue(VenueRecord(*venue), StructureStatus(status))


def _seen_offer(row: Any) -> SeenOffer:
    *offer, status, venue_is_validated = row
    return SeenOffer(OfferRecord(*offer), PlaceFacts(StructureStatus(status), venue_is_validated))


async def venues_by_id(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, SeenVenue]:
    seen = map(_seen_venue, await connection.execute(_VENUES_BY_ID, {"ids": list(ids)}))
    return {each.venue.id: each for each in seen}


async def venues_by_structure(
    connection: AsyncConnection, structure_ids: Sequence[UUID]
) -> dict[UUID, list[SeenVenue]]:
    """Oldest first; a structure without venues is left out."""
    found: dict[UUID, list[SeenVenue]] = defaultdict(list)
    for row in await connection.execute(_VENUES_BY_STRUCTURE, {"ids": list(structure_ids)}):
        seen = _seen_venue(row)
        found[seen.venue.structure_id].append(seen)
    return found


async def offers_by_id(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, SeenOffer]:
    seen = map(_seen_offer, await connection.execute(_OFFERS_BY_ID, {"ids": list(ids)}))
    return {each.offer.id: each for each in seen}


async def stocks_by_id(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, StockRecord]:
    """Deleted ones too: bookings go on naming them."""
    rows = await connection.execute(_STOCKS_BY_ID, {"ids": list(ids)})
    return {stock.id: stock for stock in (StockRecord(*row) for row in rows)}


async def live_stocks_by_offer(
    connection: AsyncConnection, offer_ids: Sequence[UUID]
) -> dict[UUID, list[StockRecord]]:
    """Stocks that are not deleted, by start, then price; an offer without any is left out."""
    found: dict[UUID, list[StockRecord]] = defaultdict(list)
    for row in await connection.execute(_LIVE_STOCKS_BY_OFFER, {"ids": list(offer_ids)}):
        stock = StockRecord(*row)
        found[stock.offer_id].append(stock)
    return found


async def page_of_offers(
    connection: AsyncConnection,
    *,
    structure_id: UUID | None,
    venue_id: UUID | None,
    after: UUID | None,
    limit: int,
    searchable_at: datetime | None,
) -> list[SeenOffer]:
    """Newest offers first, after the offer `after`; only searchable ones when an instant is given."""
    page = _OFFERS.order_by(offers.c.id.desc()).limit(limit)
    if structure_id is not None:
        page = page.where(offers.c.structure_id == structure_id)
    if venue_id is not None:
        page = page.where(offers.c.venue_id == venue_id)
    if after is not None:
        page = page.where(offers.c.id < after)
    if searchable_at is None:
        return [_seen_offer(row) for row in await connection.execute(page)]
    return [
        _seen_offer(row) for row in await connection.execute(page.where(SEARCHABLE), {"now": searchable_at})
    ]
