"""`bookingChanged`: the phone turns green when the Guichet validates."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from uuid import UUID

import strawberry

from booking.api.graphql.loaders import load_booking
from booking.api.graphql.types import Booking
from booking.persistence import bookings
from chassis.cursors import Window
from chassis.graphql import Info, require_person
from chassis.graphql.live import watch

_ALL = 10_000
"""More than a person can ever have booked."""


@strawberry.type(description="One's own booking as it is now, or a sign that the stream is live.")
class BookingChange:
    booking: Booking | None = strawberry.field(
        description="Null: nothing changed. All was told up to the cursor, and from now on what changes is."
    )
    cursor: str = strawberry.field(
        description="To be given as `after` when the stream is opened again: nothing since is then missed."
    )


@strawberry.subscription(
    description=(
        "One's own bookings, each time one is made, used, cancelled, moved or reimbursed: whole, as it is then. "
        "The first message without a booking says that the stream is live. It ends with the session; "
        "a booking may be told again."
    )
)
async def booking_changed(info: Info, after: str | None = None) -> AsyncGenerator[BookingChange, None]:
    person_id = require_person(info).person_id

    async def everything() -> Iterable[UUID]:
        async with info.context.db.read() as connection:
            records = await bookings.of_person(connection, person_id, Window(_ALL))
        return [record.id for record in reversed(records)]

    async with aclosing(watch(info, person_id, after, everything)) as notices:
        async for notice in notices:
            record = await load_booking(info, notice.id) if notice.id is not None else None
            booking = Booking.of(record) if record is not None else None
            yield BookingChange(booking=booking, cursor=notice.cursor)
