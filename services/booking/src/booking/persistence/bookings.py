"""Bookings as they are stored, read with what people need to know of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.booking import Booking, Status
from booking.domain.subcategories import subcategory_of


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """One booking with the venue's zone, the beneficiary's name and the state of its payment."""

    id: UUID
    version: int
    token: str
    person_id: UUID
    stock_id: UUID
    offer_id: UUID
    venue_id: UUID
    structure_id: UUID
    offer_name: str
    subcategory_id: str
    wallet_id: UUID | None
    deposit_kind: str | None
    capped_deposit: str
    quantity: int
    unit_price_cents: int
    status: str
    created_at: datetime
    starts_at: datetime | None
    cancellation_limit_at: datetime | None
    used_at: datetime | None
    cancelled_at: datetime | None
    cancellation_reason: str | None
    reimbursed_at: datetime | None
    warned_on: date | None
    timezone: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    url: str | None
    price_label: str | None
    has_payment: bool

    @property
    def total_cents(self) -> int:
        return self.unit_price_cents * self.quantity

    @property
    def rules(self) -> Booking:
        """What the rules look at."""
        return Booking(
            person_id=self.person_id,
            status=Status(self.status),
            subcategory=subcategory_of(self.subcategory_id),
            created_at=self.created_at,
            starts_at=self.starts_at,
            cancellation_limit_at=self.cancellation_limit_at,
            has_payment=self.has_payment,
        )

    @classmethod
    def of(cls, row: sa.RowMapping) -> Self:
        return cls(**{name: row[name] for name in _FIELDS})


_FIELDS = tuple(field.name for field in fields(BookingRecord))

_SELECT = """
    SELECT
        b.*,
        coalesce(v.timezone, 'Europe/Paris') AS timezone,
        p.first_name, p.last_name, p.email, p.phone, o.url, s.price_label,
        EXISTS (
            SELECT FROM payments WHERE payments.booking_id = b.id AND payments.status IN ('processed', 'paid')
        ) AS has_payment
    FROM bookings b
    JOIN stocks s ON s.id = b.stock_id
    LEFT JOIN venues v ON v.id = b.venue_id
    LEFT JOIN persons p ON p.id = b.person_id
    LEFT JOIN offers o ON o.id = b.offer_id
"""


def _select(condition: str, **parameters: sa.types.TypeEngine[Any]) -> sa.TextClause:
    return sa.text(f"{_SELECT} {condition}").bindparams(
        *(sa.bindparam(name, type_=type_) for name, type_ in parameters.items())
    )


_UUID, _INSTANT, _WHOLE = sa.Uuid(), sa.DateTime(timezone=True), sa.Integer()
_UUIDS: sa.ARRAY[UUID] = sa.ARRAY(sa.Uuid)

_BY_IDS = _select("WHERE b.id = ANY(:ids)", ids=_UUIDS)
_BY_TOKEN = _select("WHERE b.token = :token", token=sa.Text())
_OF_PERSON = _select(
    "WHERE b.person_id = :person_id AND (CAST(:before AS uuid) IS NULL OR b.id < :before)"
    " ORDER BY b.id DESC LIMIT :limit",
    person_id=_UUID,
    before=_UUID,
    limit=_WHOLE,
)
_OF_STRUCTURE = _select(
    "WHERE b.structure_id = :structure_id AND (CAST(:before AS uuid) IS NULL OR b.id < :before)"
    " ORDER BY b.id DESC LIMIT :limit",
    structure_id=_UUID,
    before=_UUID,
    limit=_WHOLE,
)
_OF_STOCK = _select(
    "WHERE b.stock_id = :stock_id AND b.status IN ('CONFIRMED', 'USED') ORDER BY b.id", stock_id=_UUID
)
_STARTED = _select(
    "WHERE b.status = 'CONFIRMED' AND b.starts_at < :started_before ORDER BY b.starts_at, b.id LIMIT :limit",
    started_before=_INSTANT,
    limit=_WHOLE,
)
_WAITING = _select(
    "WHERE b.status = 'CONFIRMED' AND b.subcategory_id = ANY(:subcategories)"
    " AND b.created_at <= :booked_before"
    " AND (b.created_at, b.id) > (CAST(:after_instant AS timestamptz), CAST(:after_id AS uuid))"
    " ORDER BY b.created_at, b.id LIMIT :limit",
    subcategories=sa.ARRAY(sa.Text),
    booked_before=_INSTANT,
    after_instant=_INSTANT,
    after_id=_UUID,
    limit=_WHOLE,
)
_FROM_ID = _select(
    "WHERE (CAST(:after AS uuid) IS NULL OR b.id > :after)"
    " AND (CAST(:since AS timestamptz) IS NULL OR b.changed_at >= :since)"
    " ORDER BY b.id LIMIT :limit FOR SHARE OF b",
    after=_UUID,
    since=_INSTANT,
    limit=_WHOLE,
)


async def _records(
    connection: AsyncConnection, statement: sa.TextClause, **parameters: Any
) -> list[BookingRecord]:
    rows = await connection.execute(statement, parameters)
    return [BookingRecord.of(row) for row in rows.mappings()]


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> list[BookingRecord]:
    """The bookings of these ids that exist, in no particular order."""
    return await _records(connection, _BY_IDS, ids=list(ids))


async def by_id(connection: AsyncConnection, id_: UUID) -> BookingRecord | None:
    return next(iter(await by_ids(connection, [id_])), None)


async def by_token(connection: AsyncConnection, token: str) -> BookingRecord | None:
    return next(iter(await _records(connection, _BY_TOKEN, token=token)), None)


async def of_person(
    connection: AsyncConnection, person_id: UUID, before: UUID | None, limit: int
) -> list[BookingRecord]:
    """Newest first, those older than `before`."""
    return await _records(connection, _OF_PERSON, person_id=person_id, before=before, limit=limit)


async def of_structure(
    connection: AsyncConnection, structure_id: UUID, before: UUID | None, limit: int
) -> list[BookingRecord]:
    """Newest first, those older than `before`."""
    return await _records(connection, _OF_STRUCTURE, structure_id=structure_id, before=before, limit=limit)


async def active_of_stock(connection: AsyncConnection, stock_id: UUID) -> list[BookingRecord]:
    """Confirmed and used bookings of a stock, oldest first."""
    return await _records(connection, _OF_STOCK, stock_id=stock_id)


async def started(connection: AsyncConnection, started_before: datetime, limit: int) -> list[BookingRecord]:
    """Confirmed bookings whose event started strictly before."""
    return await _records(connection, _STARTED, started_before=started_before, limit=limit)


async def waiting(
    connection: AsyncConnection,
    subcategories: Sequence[str],
    booked_before: datetime,
    after: tuple[datetime, UUID],
    limit: int,
) -> list[BookingRecord]:
    """Confirmed bookings in these sub-categories made until `booked_before`, in order, following `after`."""
    return await _records(
        connection,
        _WAITING,
        subcategories=list(subcategories),
        booked_before=booked_before,
        after_instant=after[0],
        after_id=after[1],
        limit=limit,
    )


async def page_for_republishing(
    connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
) -> list[BookingRecord]:
    """Share-locked: see `chassis.republish`."""
    return await _records(connection, _FROM_ID, after=after, since=since, limit=limit)
