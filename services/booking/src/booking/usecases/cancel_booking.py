"""Cancel one's own booking, while the rules allow it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.cancellation import Canceller, OwnCancellationRefusal, refuse_own_cancellation
from booking.domain.refusals import BookingNotFound
from booking.persistence import bookings
from booking.persistence.records import BookingRecord
from booking.usecases.withdraw_booking import withdraw_booking
from chassis.sealed import Sealer

CancelBookingRefusal = BookingNotFound | OwnCancellationRefusal


async def cancel_booking(
    connection: AsyncConnection, sealer: Sealer, *, person_id: UUID, booking_id: UUID, now: datetime
) -> BookingRecord | CancelBookingRefusal:
    """The cancelled booking, or why it stays. Somebody else's booking does not exist."""
    record = await bookings.by_id(connection, booking_id)
    if record is None or record.person_id != person_id:
        return BookingNotFound()
    (record,) = await bookings.lock_with_credit(connection, {booking_id: person_id})
    refusal = refuse_own_cancellation(record.rules, now)
    if refusal is not None:
        return refusal
    if record.cancelled_at is not None:
        # Before 2022 a second cancellation is accepted and changes nothing.
        return record
    return await withdraw_booking(connection, record, Canceller.BENEFICIARY, now, sealer)
