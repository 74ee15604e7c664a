"""Offers as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import PlaceFacts, StructureStatus
from catalog.domain.publication import Publication
from catalog.domain.stock import OfferOfStock
from catalog.domain.subcategories import SUBCATEGORIES
from catalog.persistence.records import OfferRecord, SeenOffer
from catalog.persistence.tables import among, offers, price_limitations, stocks, structures, venues
from chassis.cursors import Window
from chassis.db import constraint
from chassis.kept import Kept
from chassis.keyset import Order, windowed

ONE_ACTIVE_PER_EAN = "offers_one_active_per_ean"
_OFFERS = Kept(offers, OfferRecord)
add_offer = _OFFERS.add
_FIND = _OFFERS.select.where(offers.c.id == sa.bindparam("offer"))
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
        accepted_price_cents=sa.bindparam("new_accepted_price_cents"),
        changed_at=sa.func.now(),
    )
    .returning(*_OFFERS.columns)
)
_SEEN = (
    sa.select(*_OFFERS.columns, structures.c.status, venues.c.is_validated)
    .join_from(offers, venues, offers.c.venue_id == venues.c.id)
    .join(structures, offers.c.structure_id == structures.c.id)
)
_BY_ID = _SEEN.where(among(offers.c.id, "ids"))

_OF_STOCK = sa.select(
    venues.c.timezone,
    venues.c.department_code,
    sa.select(price_limitations.c.rate_percent)
    .where(price_limitations.c.subcategory_id == sa.bindparam("subcategory"))
    .scalar_subquery(),
).where(venues.c.id == sa.bindparam("venue"))
_OFFERED = sa.select(
    sa.exists().where(
        offers.c.venue_id == sa.bindparam("venue"),
        offers.c.isbn == sa.bindparam("ean"),
        offers.c.is_active,
        offers.c.id.is_distinct_from(sa.bindparam("but", type_=sa.Uuid)),
    )
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
"""`domain.visibility.is_searchable`, newest edition, as SQL; a property test holds the two equal."""


async def lock_offer(connection: AsyncConnection, offer_id: UUID) -> OfferRecord | None:
    """The offer, locked until the end of the transaction: its stocks are then counted exactly."""
    return await _OFFERS.one(connection, _LOCK, offer=offer_id)


async def share_offer(connection: AsyncConnection, offer_id: UUID) -> OfferRecord | None:
    """The offer, held as it is until the end of the transaction."""
    return await _OFFERS.one(connection, _SHARE, offer=offer_id)


async def of_stock(connection: AsyncConnection, offer: OfferRecord) -> OfferOfStock:
    """What the rules of a stock look at."""
    asked = {"venue": offer.venue_id, "subcategory": offer.subcategory_id}
    timezone, department_code, rate_percent = (await connection.execute(_OF_STOCK, asked)).one()
    return OfferOfStock(
        is_event=SUBCATEGORIES[offer.subcategory_id].is_event,
        validation=OfferValidation(offer.validation),
        timezone=timezone,
        department_code=department_code,
        accepted_price_cents=offer.accepted_price_cents,
        max_price_move_percent=rate_percent,
    )


async def is_offered(
    connection: AsyncConnection, venue_id: UUID, ean: str | None, but: UUID | None = None
) -> bool:
    """Whether an active offer of the venue has this EAN, `but` one."""
    asked = {"venue": venue_id, "ean": ean, "but": but}
    found: bool = (await connection.execute(_OFFERED, asked)).scalar_one()
    return found


async def write_publication(
    connection: AsyncConnection, offer_id: UUID, publication: Publication, accepted_price_cents: int | None
) -> OfferRecord | None:
    """The offer after its publication has changed; None: another offer of its product is active there."""
    values = {
        "new_accepted_price_cents": accepted_price_cents,
        "offer": offer_id,
        "new_validation": publication.validation.value,
        "new_is_active": publication.is_active,
        "new_published_at": publication.published_at,
    }
    try:
        async with connection.begin_nested():
            return OfferRecord(*(await connection.execute(_PUBLISH, values)).one())
    except IntegrityError as error:
        if constraint(error) != ONE_ACTIVE_PER_EAN:
            raise
        return None


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
