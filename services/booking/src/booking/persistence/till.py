"""What a till is shown beside the booking: its venue, the beneficiary's birth date, the offer's numbers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence.tables import bookings, offers, persons, venues


@dataclass(frozen=True, slots=True)
class TillFacts:
    """None is what the other contexts have not told. The columns of `_READ`, in its order."""

    birth_date: date | None
    venue_name: str | None
    venue_street: str | None
    venue_department_code: str | None
    offer_number: int | None
    isbn: str | None


_READ = (
    sa.select(
        persons.c.birth_date,
        venues.c.name,
        venues.c.street,
        venues.c.department_code,
        offers.c.number,
        offers.c.isbn,
    )
    .select_from(
        bookings.outerjoin(persons, persons.c.id == bookings.c.person_id)
        .outerjoin(venues, venues.c.id == bookings.c.venue_id)
        .outerjoin(offers, offers.c.id == bookings.c.offer_id)
    )
    .where(bookings.c.id == sa.bindparam("booking_id"))
)


async def facts_of(connection: AsyncConnection, booking_id: UUID) -> TillFacts:
    """Of a booking that exists."""
    return TillFacts(*(await connection.execute(_READ, {"booking_id": booking_id})).one())
