"""Every night: things nobody came for go back to the shelf, and the credit to the beneficiary."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.automatic import is_expired_by
from booking.domain.booking import Status
from booking.domain.cancellation import Canceller
from booking.domain.subcategories import subcategory_of
from booking.persistence.bookings import BookingRecord
from booking.usecases.acting import MovedMeanwhile
from booking.usecases.unclaimed import unclaimed
from booking.usecases.withdraw import withdraw
from chassis.db import Database
from chassis.sealed import Sealer


async def expire_unclaimed(database: Database, sealer: Sealer, now: datetime) -> int:
    """How many bookings the run of `now`'s UTC day cancelled. A day that was missed is caught up."""
    today = now.astimezone(UTC).date()
    expired = 0
    async for record in unclaimed(database, now):
        kind = subcategory_of(record.subcategory_id)
        if not is_expired_by(today, Status(record.status), kind, record.created_at):
            continue

        async def expire(connection: AsyncConnection, record: BookingRecord = record) -> None:
            await withdraw(connection, record, Canceller.EXPIRY, now, sealer)

        try:
            await database.run(expire)
            expired += 1
        except MovedMeanwhile:
            # Claimed or cancelled while the run was under way: nothing is left to expire.
            continue
    return expired
