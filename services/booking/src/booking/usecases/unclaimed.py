"""The bookings that wait to be claimed and could expire one day."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

from booking.domain.subcategories import SUBCATEGORIES
from booking.persistence import bookings
from booking.persistence.bookings import BookingRecord
from chassis.db import Database

_PAGE = 500
_EXPIRABLE = [subcategory.id for subcategory in SUBCATEGORIES.values() if subcategory.can_expire]
_BEFORE_ALL = (datetime(2000, 1, 1, tzinfo=UTC), UUID(int=0))


async def unclaimed(database: Database, now: datetime) -> AsyncIterator[BookingRecord]:
    """All of them made until `now`, oldest first, read page by page."""
    after = _BEFORE_ALL
    while True:
        async with database.read() as connection:
            page = await bookings.waiting(connection, _EXPIRABLE, now, after, _PAGE)
        for record in page:
            yield record
        if len(page) < _PAGE:
            return
        after = (page[-1].created_at, page[-1].id)
