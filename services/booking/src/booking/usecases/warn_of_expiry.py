"""Beneficiaries are warned of bookings that are about to expire."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.automatic import is_warned_by
from booking.domain.booking import Status
from booking.domain.subcategories import subcategory_of
from booking.persistence import bookings, moves
from booking.persistence.bookings import Place
from booking.usecases.page_of_bookings import PAGE, PageDone
from chassis import mail


async def warn_of_expiry(connection: AsyncConnection, place: Place, now: datetime) -> PageDone:
    """Warn of what expires, in the page after `place`, as the run of `now`'s UTC day; never twice."""
    today = now.astimezone(UTC).date()
    page = await bookings.unclaimed(connection, now, place, PAGE)
    warned = 0
    for record in page:
        kind = subcategory_of(record.subcategory_id)
        if record.warned_on is None and is_warned_by(today, Status(record.status), kind, record.created_at):
            await mail.enqueue(connection, "expires_soon", {"booking_id": record.id})
            await moves.mark_warned(connection, record.id, today)
            warned += 1
    return PageDone.of(page, warned)
