"""Things nobody came for go back to the shelf, and the credit to the beneficiary."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.automatic import is_expired_by
from booking.domain.booking import Status
from booking.domain.cancellation import Canceller
from booking.domain.subcategories import subcategory_of
from booking.persistence import bookings
from booking.persistence.bookings import Place
from booking.persistence.records import BookingRecord
from booking.usecases.page_of_bookings import PAGE, PageDone
from booking.usecases.withdraw_booking import withdraw_booking
from chassis.sealed import Sealer


async def expire_unclaimed(
    connection: AsyncConnection, sealer: Sealer, place: Place, now: datetime
) -> PageDone:
    """Cancel what the run of `now`'s UTC day expires in the page after `place`; a missed day is caught up."""
    page = await bookings.unclaimed(connection, now, place, PAGE)
    due = {record.id: record.person_id for record in page if _is_expired(record, now)}
    held = await bookings.lock_with_credit(connection, due) if due else []
    # Claimed or cancelled before the lock was had: nothing is left to expire.
    expired = [record for record in held if _is_expired(record, now)]
    for record in sorted(expired, key=lambda record: record.stock_id):
        await withdraw_booking(connection, record, Canceller.EXPIRY, now, sealer)
    return PageDone.of(page, len(expired))


def _is_expired(record: BookingRecord, now: datetime) -> bool:
    today = now.astimezone(UTC).date()
    kind = subcategory_of(record.subcategory_id)
    return is_expired_by(today, Status(record.status), kind, record.created_at)
