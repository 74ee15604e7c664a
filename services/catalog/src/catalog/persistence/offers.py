"""Offers as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import PlaceFacts, StructureStatus
from catalog.domain.publication import Publication
from catalog.persistence.records import OfferRecord, SeenOffer
from catalog.persistence.tables import among, offers, stocks, structures, venues
from chassis.cursors import Window
from chassis.keyset import Order, windowed
from chassis.records import columns, parameters

_COLUMNS = columns(offers, OfferRecord)
_ADD = sa.insert(offers)
_FIND = sa.select(*_COLUMNS).where(offers.c.id == sa.bindparam("offer"))
_LOCK = _FIND.with_for_update()
_SHARE = _FIND.with_for_update(read=True)
_PUBLISH = (
    sa.update(offers)
    .where(offers.c.id == sa.bindparam("offer"))
    .values(
        version=offers.c.version + 1,
        validation=sa.bindparam("new_validation"),
        is_active=sa.bindparam("new_is_active"),
        published_at=sa.bindparam("new_published_at"),
        changed_at=sa.func.now(),
    )
    .returning(*_COLUMNS)
)
_SEEN = (
    sa.select(*_COLUMNS, structures.c.status, venues.c.is_validated)
    .join_from(offers, venues, offers.c.venue_id == venues.c.id)
    .join(structures, offers.c.structure_id == structures.c.id)
)
_BY_ID = _SEEN.where(among(offers.c.id, "ids"))

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
"""`domain.visibility.is_searchable`, newest edition, as SQL; a property test holds the two equal."""


async def add_offer(connection: AsyncConnection, offer: OfferRecord) -> None:
    await connection.execute(_ADD, parameters(offer))


async def lock_offer(connection: AsyncConnection, offer_id: UUID) -> OfferRecord | None:
    """The offer, locked until the end of the transaction: its stocks are then counted exactly."""
    return await _one(connection, _LOCK, offer_id)


async def share_offer(connection: AsyncConnection, offer_id: UUID) -> OfferRecord | None:
    """The offer, held as it is until the end of the transaction."""
    return await _one(connection, _SHARE, offer_id)


async def _one(connection: AsyncConnection, statement: sa.Select[Any], offer_id: UUID) -> OfferRecord | None:
    found = (await connection.execute(statement, {"offer": offer_id})).one_or_none()
    return None if found is None else OfferRecord(*found)


async def write_publication(
    connection: AsyncConnection, offer_id: UUID, publication: Publication
) -> OfferRecord:
    """The offer after its publication has changed."""
    values = {
        "offer": offer_id,
        "new_validation": publication.validation.value,
        "new_is_active": publication.is_active,
        "new_published_at": publication.published_at,
    }
    return OfferRecord(*(await connection.execute(_PUBLISH, values)).one())


async def offers_by_id(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, SeenOffer]:
    seen = map(_seen_offer, await connection.execute(_BY_ID, {"ids": list(ids)}))
    return {each.offer.id: each for each in seen}


async def page_of_offers(
    connection: AsyncConnection,
    *,
    structure_id: UUID | None,
    venue_id: UUID | None,
    window: Window,
    searchable_at: datetime | None,
) -> list[SeenOffer]:
    """Newest offers first; only searchable ones when an instant is given."""
    page = windowed(_SEEN, window, Order(offers.c.id, descending=True))
    if structure_id is not None:
        page = page.where(offers.c.structure_id == structure_id)
    if venue_id is not None:
        page = page.where(offers.c.venue_id == venue_id)
    if searchable_at is None:
        return [_seen_offer(found) for found in await connection.execute(page)]
    shown = await connection.execute(page.where(SEARCHABLE), {"now": searchable_at})
    return [_seen_offer(found) for found in shown]


def _seen_offer(columns_and_place: Sequence[Any]) -> SeenOffer:
    *offer, status, venue_is_validated = columns_and_place
    return SeenOffer(OfferRecord(*offer), PlaceFacts(StructureStatus(status), venue_is_validated))
