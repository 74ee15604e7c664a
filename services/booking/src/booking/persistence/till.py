"""What a till is shown beside the booking: its venue, the beneficiary's birth date, the offer's numbers."""

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class TillFacts:
    """None is what the other contexts have not told."""

    birth_date: date | None
    venue_name: str | None
    venue_street: str | None
    venue_department_code: str | None
    offer_number: int | None
    isbn: str | None


_READ = sa.text(
    """
    SELECT
        p.birth_date, v.name AS venue_name, v.street AS venue_street,
        v.department_code AS venue_department_code, o.number AS offer_number, o.isbn
    FROM bookings b
    LEFT JOIN persons p ON p.id = b.person_id
    LEFT JOIN venues v ON v.id = b.venue_id
    LEFT JOIN offers o ON o.id = b.offer_id
    WHERE b.id = :id
    """
).bindparams(sa.bindparam("id", type_=sa.Uuid))

_FIELDS = tuple(field.name for field in fields(TillFacts))


async def facts_of(connection: AsyncConnection, booking_id: UUID) -> TillFacts:
    """Of a booking that exists."""
    row = (await connection.execute(_READ, {"id": booking_id})).mappings().one()
    return TillFacts(**{name: row[name] for name in _FIELDS})
