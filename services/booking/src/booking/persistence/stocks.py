"""Stocks as bookable: what the catalogue offers, and what is taken of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.stock import Stock
from booking.persistence.tables import offers, stocks, venues


@dataclass(frozen=True, slots=True)
class Availability:
    """What is left of a stock, as others are told; `capacity` None = unlimited."""

    id: UUID
    offer_id: UUID
    capacity: int | None
    taken: int
    availability_version: int


_AVAILABILITY = (
    stocks.c.id,
    stocks.c.offer_id,
    stocks.c.capacity,
    stocks.c.taken,
    stocks.c.availability_version,
)

_INSERT = pg.insert(stocks)
_told = _INSERT.excluded
_PUT = _INSERT.on_conflict_do_update(
    index_elements=[stocks.c.id],
    set_={
        **{
            name: _told[name]
            for name in (
                "version",
                "offer_id",
                "price_label",
                "price_cents",
                "starts_at",
                "booking_limit_at",
                "is_deleted",
                "offered",
            )
        },
        # What is taken stays honoured: a lower offer stops further bookings, it undoes none.
        "capacity": sa.case(
            (_told.offered.is_(None), None), else_=sa.func.greatest(_told.offered, stocks.c.taken)
        ),
        "availability_version": stocks.c.availability_version + 1,
        "changed_at": sa.func.now(),
    },
    where=stocks.c.version < _told.version,
).returning(*_AVAILABILITY)

_LOCKED = (
    sa.select(stocks.c.version, stocks.c.starts_at, stocks.c.is_deleted)
    .where(stocks.c.id == sa.bindparam("stock_id"))
    .with_for_update()
)
_LEFT = sa.select(*_AVAILABILITY).where(stocks.c.id == sa.bindparam("stock_id"))
_PAGE = (
    sa.select(*_AVAILABILITY)
    .where(
        sa.or_(
            sa.bindparam("after", type_=sa.Uuid).is_(None),
            stocks.c.id > sa.bindparam("after", type_=sa.Uuid),
        ),
        sa.or_(
            sa.bindparam("since", type_=sa.DateTime(timezone=True)).is_(None),
            stocks.c.changed_at >= sa.bindparam("since", type_=sa.DateTime(timezone=True)),
        ),
    )
    .order_by(stocks.c.id)
    .limit(sa.bindparam("page_size"))
    .with_for_update(read=True)
)
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
    )
    .select_from(
        stocks.join(offers, offers.c.id == stocks.c.offer_id).outerjoin(
            venues, venues.c.id == offers.c.venue_id
        )
    )
    .where(stocks.c.id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))))
)


async def put(connection: AsyncConnection, stock: Mapping[str, Any]) -> Availability | None:
    """Store what the catalogue tells of a stock; what is left then, None when it was known already."""
    row = (await connection.execute(_PUT, {**stock, "capacity": stock["offered"]})).one_or_none()
    return None if row is None else Availability(*row)


async def lock(connection: AsyncConnection, stock_id: UUID) -> tuple[int, datetime | None, bool] | None:
    """Version, start and deletion of a stock as stored, its row locked; None when it is unknown."""
    row = (await connection.execute(_LOCKED, {"stock_id": stock_id})).one_or_none()
    return None if row is None else (row.version, row.starts_at, row.is_deleted)


async def availability(connection: AsyncConnection, stock_id: UUID) -> Availability:
    return Availability(*(await connection.execute(_LEFT, {"stock_id": stock_id})).one())


async def page_for_republishing(
    connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
) -> list[Availability]:
    """Share-locked: see `chassis.republish`."""
    rows = await connection.execute(_PAGE, {"after": after, "since": since, "page_size": limit})
    return [Availability(*row) for row in rows]


async def bookable(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Stock]:
    """The stocks of these ids that are known with their offer, as the rules see them."""
    rows = await connection.execute(_BOOKABLE, {"ids": list(ids)})
    return {
        row["id"]: Stock(**{name: value for name, value in row.items() if name != "id"})
        for row in rows.mappings()
    }
