"""Take a booking back, whoever asks: the one way to CANCELLED, with everything that follows from it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.cancellation import Canceller
from booking.messages.availability import emit_left
from booking.messages.booking import emit_moved
from booking.persistence import moves
from booking.persistence.records import BookingRecord
from chassis import mail
from chassis.sealed import Sealer


async def withdraw_booking(
    connection: AsyncConnection, record: BookingRecord, by: Canceller, now: datetime, sealer: Sealer
) -> BookingRecord:
    """Cancel a booking that the rules let `by` cancel: credit and places go back, both sides get a mail.

    The booking is one of `bookings.lock_with_credit`.
    """
    await moves.cancel(connection, record, by.reason, now)
    after = await emit_moved(connection, [record], "cancelled", sealer)
    await emit_left(connection, record.stock_id)
    await mail.enqueue(connection, "cancelled", {"booking_id": record.id})
    await mail.enqueue(connection, "cancelled_pro", {"booking_id": record.id})
    return after[0]
