"""Bookings as they are stored, read with what people need to know of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.subcategories import SUBCATEGORIES
from booking.persistence.records import BookingRecord
from booking.persistence.tables import (
    PAYMENT_HOLDS,
    bookings,
    offers,
    payments,
    persons,
    stocks,
    venues,
    wallets,
)
from chassis.cursors import Window
from chassis.keyset import Order, windowed

_STORED = [column for column in bookings.c if column.name not in ("changed_at", "number")]

SELECT = sa.select(
    *_STORED,
    sa.func.coalesce(venues.c.timezone, "Europe/Paris").label("timezone"),
    persons.c.first_name,
    persons.c.last_name,
    persons.c.email,
    persons.c.phone,
    offers.c.url,
    stocks.c.price_label,
    sa.exists().where(payments.c.booking_id == bookings.c.id, PAYMENT_HOLDS).label("has_payment"),
    sa.func.coalesce(venues.c.structure_status == "closed", sa.false()).label("structure_is_closed"),
).select_from(
    bookings.join(stocks, stocks.c.id == bookings.c.stock_id)
    .outerjoin(venues, venues.c.id == bookings.c.venue_id)
    .outerjoin(persons, persons.c.id == bookings.c.person_id)
    .outerjoin(offers, offers.c.id == bookings.c.offer_id)
)
"""The columns of a `BookingRecord`, in its order."""

Place = tuple[datetime, UUID]
"""Where a booking stands in the order of booking."""
BEFORE_ALL: Place = (datetime(2000, 1, 1, tzinfo=UTC), UUID(int=0))

_EXPIRABLE = [subcategory.id for subcategory in SUBCATEGORIES.values() if subcategory.can_expire]

_IDS: sa.BindParameter[Sequence[UUID]] = sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))
_PAGE_SIZE = sa.bindparam("page_size", type_=sa.Integer)
_CONFIRMED = bookings.c.status == "CONFIRMED"
_ACTIVE = bookings.c.status.in_(("CONFIRMED", "USED"))
_BY_IDS = SELECT.where(bookings.c.id == sa.any_(_IDS))
_BY_TOKEN = SELECT.where(bookings.c.token == sa.bindparam("code"))
_BY_TOKEN_LOCKED = _BY_TOKEN.with_for_update(of=bookings)
_STARTED = (
    SELECT.where(_CONFIRMED, bookings.c.starts_at < sa.bindparam("started_before"))
    .order_by(bookings.c.starts_at, bookings.c.id)
    .limit(_PAGE_SIZE)
    .with_for_update(of=bookings)
)
_UNCLAIMED = (
    SELECT.where(
        _CONFIRMED,
        bookings.c.subcategory_id == sa.any_(sa.bindparam("subcategories", type_=pg.ARRAY(sa.Text))),
        bookings.c.created_at <= sa.bindparam("booked_before"),
        sa.tuple_(bookings.c.created_at, bookings.c.id)
        > sa.tuple_(
            sa.bindparam("after_instant", type_=sa.DateTime(timezone=True)),
            sa.bindparam("after_id", type_=sa.Uuid),
        ),
    )
    .order_by(bookings.c.created_at, bookings.c.id)
    .limit(_PAGE_SIZE)
)
_ACTIVE_OWNERS = sa.select(bookings.c.id, bookings.c.person_id).where(_ACTIVE).order_by(bookings.c.id)
_ACTIVE_OF_STOCKS = _ACTIVE_OWNERS.where(bookings.c.stock_id == sa.any_(_IDS))
# Through the stocks, which have an index by offer.
_ACTIVE_OF_OFFERS = _ACTIVE_OWNERS.where(
    bookings.c.stock_id.in_(sa.select(stocks.c.id).where(stocks.c.offer_id == sa.any_(_IDS)))
)
_ACTIVE_OF_PERSONS = _ACTIVE_OWNERS.where(bookings.c.person_id == sa.any_(_IDS))
_LOCK_CREDIT = (
    sa.select(wallets.c.id)
    .where(wallets.c.person_id == sa.any_(_IDS))
    .order_by(wallets.c.id)
    .with_for_update()
)
_LOCK = (
    sa.select(bookings.c.id).where(bookings.c.id == sa.any_(_IDS)).order_by(bookings.c.id).with_for_update()
)
_IN_ORDER = _BY_IDS.order_by(bookings.c.id)


async def _records(
    connection: AsyncConnection, statement: sa.Select[Any], **parameters: object
) -> list[BookingRecord]:
    return [BookingRecord(*row) for row in await connection.execute(statement, parameters)]


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, BookingRecord]:
    """The bookings of these ids that exist."""
    return {record.id: record for record in await _records(connection, _BY_IDS, ids=list(ids))}


async def by_id(connection: AsyncConnection, id_: UUID) -> BookingRecord | None:
    return (await by_ids(connection, [id_])).get(id_)


async def by_token(connection: AsyncConnection, token: str) -> BookingRecord | None:
    found = await _records(connection, _BY_TOKEN, code=token)
    return found[0] if found else None


async def lock_by_token(connection: AsyncConnection, token: str) -> BookingRecord | None:
    """The same, its row locked. Whether a payment has begun is as it was before the wait for the lock."""
    found = await _records(connection, _BY_TOKEN_LOCKED, code=token)
    return found[0] if found else None


async def of_person(connection: AsyncConnection, person_id: UUID, window: Window) -> list[BookingRecord]:
    """Newest first."""
    return await _page(connection, bookings.c.person_id == person_id, window)


async def of_structure(
    connection: AsyncConnection, structure_id: UUID, window: Window
) -> list[BookingRecord]:
    """Newest first."""
    return await _page(connection, bookings.c.structure_id == structure_id, window)


async def _page(
    connection: AsyncConnection, whose: sa.ColumnElement[bool], window: Window
) -> list[BookingRecord]:
    newest_first = Order(bookings.c.id, descending=True)
    return await _records(connection, windowed(SELECT.where(whose), window, newest_first))


async def lock_started(
    connection: AsyncConnection, started_before: datetime, limit: int
) -> list[BookingRecord]:
    """Confirmed bookings whose event started strictly before, their rows locked."""
    return await _records(connection, _STARTED, started_before=started_before, page_size=limit)


async def unclaimed(
    connection: AsyncConnection, booked_before: datetime, after: Place, limit: int
) -> list[BookingRecord]:
    """Confirmed bookings made until `booked_before` that may expire one day, oldest first, following `after`."""
    return await _records(
        connection,
        _UNCLAIMED,
        subcategories=_EXPIRABLE,
        booked_before=booked_before,
        after_instant=after[0],
        after_id=after[1],
        page_size=limit,
    )


async def active_of_stocks(connection: AsyncConnection, stocks: Sequence[UUID]) -> dict[UUID, UUID]:
    """Confirmed and used bookings of these stocks, oldest first, each with its beneficiary."""
    rows = await connection.execute(_ACTIVE_OF_STOCKS, {"ids": list(stocks)})
    return {row.id: row.person_id for row in rows}


async def active_of_offers(connection: AsyncConnection, offers: Sequence[UUID]) -> dict[UUID, UUID]:
    rows = await connection.execute(_ACTIVE_OF_OFFERS, {"ids": list(offers)})
    return {row.id: row.person_id for row in rows}


async def active_of_persons(connection: AsyncConnection, persons: Sequence[UUID]) -> dict[UUID, UUID]:
    rows = await connection.execute(_ACTIVE_OF_PERSONS, {"ids": list(persons)})
    return {row.id: row.person_id for row in rows}


async def lock_alone(connection: AsyncConnection, id_: UUID) -> BookingRecord | None:
    """A booking, its row locked, for moves that give nothing back."""
    found = await _locked(connection, [id_])
    return found[0] if found else None


async def lock_with_credit(connection: AsyncConnection, owners: Mapping[UUID, UUID]) -> list[BookingRecord]:
    """Bookings, given with their beneficiaries, locked after the credit that paid; oldest first.

    What gives credit back comes through here. All wallets of a beneficiary are locked: the one that
    paid may have been replaced, and its successor is given the money.
    """
    await connection.execute(_LOCK_CREDIT, {"ids": sorted(set(owners.values()))})
    return await _locked(connection, sorted(owners))


async def _locked(connection: AsyncConnection, ids: Sequence[UUID]) -> list[BookingRecord]:
    """Read after the lock is had, by a statement of its own: what was committed meanwhile is seen whole."""
    await connection.execute(_LOCK, {"ids": ids})
    return await _records(connection, _IN_ORDER, ids=ids)
