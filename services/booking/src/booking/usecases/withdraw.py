"""Take a booking back, whoever asks: the one way to CANCELLED, with everything that follows from it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.cancellation import Canceller
from booking.persistence import moves
from booking.persistence.bookings import BookingRecord
from booking.usecases.acting import MovedMeanwhile
from booking.usecases.announce import tell_availability, tell_moved
from chassis import mail
from chassis.sealed import Sealer


async def withdraw(
    connection: AsyncConnection, record: BookingRecord, by: Canceller, now: datetime, sealer: Sealer
) -> BookingRecord:
    """Cancel a booking that the rules let `by` cancel: credit and places go back, both sides get a mail.

    Raises MovedMeanwhile when the booking is no longer as it was read.
    """
    if not await moves.cancel(connection, record, by.reason, now):
        raise MovedMeanwhile
    after = await tell_moved(connection, [record], "cancelled", sealer)
    await tell_availability(connection, record)
    await mail.enqueue(connection, "cancelled", {"booking_id": record.id})
    await mail.enqueue(connection, "cancelled_pro", {"booking_id": record.id})
    return after[0]
