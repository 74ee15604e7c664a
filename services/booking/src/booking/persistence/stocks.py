"""Stocks as bookable: what the catalogue offers, and what is taken of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.stock import Stock
from booking.persistence.records import AvailabilityRecord, StockCopy
from booking.persistence.tables import offers, stocks, venues

AVAILABILITY = sa.select(*(stocks.c[field.name] for field in fields(AvailabilityRecord)))
"""The columns of an `AvailabilityRecord`, in its order."""

_OFFERED = [field.name for field in fields(StockCopy) if field.name != "id"]

_INSERT = pg.insert(stocks)
_PUT = _INSERT.on_conflict_do_update(
    index_elements=[stocks.c.id],
    set_={
        **{name: _INSERT.excluded[name] for name in _OFFERED},
        # What is taken stays honoured: a lower offer stops further bookings, it undoes none.
        "capacity": sa.case(
            (_INSERT.excluded.offered.is_(None), None),
            else_=sa.func.greatest(_INSERT.excluded.offered, stocks.c.taken),
        ),
        "availability_version": stocks.c.availability_version + 1,
        "changed_at": sa.func.now(),
    },
    where=stocks.c.version < _INSERT.excluded.version,
).returning(*AVAILABILITY.selected_columns)

_IDS: sa.BindParameter[Sequence[UUID]] = sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))
_KNOWN = sa.select(stocks.c.id, stocks.c.version, stocks.c.starts_at, stocks.c.is_deleted).where(
    stocks.c.id == sa.any_(_IDS)
)
_OF_OFFERS_LOCKED = (
    sa.select(stocks.c.id)
    .where(stocks.c.offer_id == sa.any_(_IDS))
    .order_by(stocks.c.id)
    .with_for_update()
    .cte("locked")
)
_NOTE_REJECTION = (
    sa.update(stocks)
    .where(stocks.c.id == _OF_OFFERS_LOCKED.c.id)
    .values(offer_rejections=stocks.c.offer_rejections + 1)
)
_LEFT = AVAILABILITY.where(stocks.c.id == sa.bindparam("stock_id"))
_BOOKABLE = (
    sa.select(
        stocks.c.id,
        stocks.c.price_cents,
        stocks.c.capacity,
        stocks.c.taken,
        stocks.c.starts_at,
        stocks.c.booking_limit_at,
        stocks.c.is_deleted,
        offers.c.published_at.label("booking_opens_at"),
        offers.c.is_active.label("offer_is_active"),
        (offers.c.validation == "APPROVED").label("offer_is_approved"),
        sa.func.coalesce(venues.c.structure_status == "validated", sa.false()).label(
            "structure_is_validated"
        ),
        sa.func.coalesce(venues.c.timezone, "Europe/Paris").label("timezone"),
    )
    .select_from(
        stocks.join(offers, offers.c.id == stocks.c.offer_id).outerjoin(
            venues, venues.c.id == offers.c.venue_id
        )
    )
    .where(stocks.c.id == sa.any_(_IDS))
)


@dataclass(frozen=True, slots=True)
class KnownStock:
    """What was known of a stock before the catalogue changed it."""

    id: UUID
    version: int
    starts_at: datetime | None
    is_deleted: bool


async def known(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, KnownStock]:
    rows = await connection.execute(_KNOWN, {"ids": list(ids)})
    return {row.id: KnownStock(*row) for row in rows}


async def put(connection: AsyncConnection, stock: StockCopy) -> AvailabilityRecord | None:
    """Store what the catalogue offers; what is left then, None when this version is no news.

    Locks the stock: no booking decided on an older version is written any more.
    """
    row = (await connection.execute(_PUT, {**asdict(stock), "capacity": stock.offered})).one_or_none()
    return None if row is None else AvailabilityRecord(*row)


async def note_rejection(connection: AsyncConnection, offers: Sequence[UUID]) -> None:
    """Lock the stocks of offers that are rejected: no booking that was decided before is written any more."""
    await connection.execute(_NOTE_REJECTION, {"ids": list(offers)})


async def availability(connection: AsyncConnection, stock_id: UUID) -> AvailabilityRecord:
    return AvailabilityRecord(*(await connection.execute(_LEFT, {"stock_id": stock_id})).one())


async def bookable(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Stock]:
    """The stocks of these ids that are known with their offer, as the rules see them."""
    rows = await connection.execute(_BOOKABLE, {"ids": list(ids)})
    return {
        row["id"]: Stock(**{name: value for name, value in row.items() if name != "id"})
        for row in rows.mappings()
    }
