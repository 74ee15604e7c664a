"""Every night: a beneficiary is told which booking is about to expire."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.automatic import is_warned_by
from booking.domain.booking import Status
from booking.domain.subcategories import subcategory_of
from booking.persistence import moves
from booking.usecases.unclaimed import unclaimed
from chassis import mail
from chassis.db import Database


async def warn_of_expiry(database: Database, now: datetime) -> int:
    """How many beneficiaries the run of `now`'s UTC day warned; running it again warns nobody twice."""
    today = now.astimezone(UTC).date()
    warned = 0
    async for record in unclaimed(database, now):
        kind = subcategory_of(record.subcategory_id)
        if record.warned_on is None and is_warned_by(today, Status(record.status), kind, record.created_at):

            async def warn(connection: AsyncConnection, id_: UUID = record.id) -> None:
                await mail.enqueue(connection, "expires_soon", {"booking_id": id_})
                await moves.mark_warned(connection, id_, today)

            await database.run(warn)
            warned += 1
    return warned
