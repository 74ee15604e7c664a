"""Cancel one's own booking, while the rules allow it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.cancellation import Canceller, refuse_cancellation
from booking.domain.refusals import BookingNotFound
from booking.persistence import bookings
from booking.persistence.bookings import BookingRecord
from booking.usecases.acting import once_on_booking
from booking.usecases.withdraw import withdraw
from chassis.db import Database
from chassis.refusals import Refusal
from chassis.sealed import Sealer

OPERATION = "cancelBooking"


async def cancel_booking(
    database: Database, sealer: Sealer, *, person_id: UUID, booking_id: UUID, key: UUID, now: datetime
) -> BookingRecord | Refusal:
    """The cancelled booking, or why it stays. Somebody else's booking does not exist."""

    async def cancel(connection: AsyncConnection) -> BookingRecord | Refusal:
        record = await bookings.by_id(connection, booking_id)
        if record is None or record.person_id != person_id:
            return BookingNotFound()
        refusal = refuse_cancellation(record.rules, Canceller.BENEFICIARY, now)
        if refusal is not None:
            return refusal
        if record.cancelled_at is not None:
            # Before 2022 a second cancellation is accepted and changes nothing.
            return record
        return await withdraw(connection, record, Canceller.BENEFICIARY, now, sealer)

    return await once_on_booking(
        database,
        actor=person_id,
        key=key,
        operation=OPERATION,
        request={"booking_id": booking_id},
        move=cancel,
    )
