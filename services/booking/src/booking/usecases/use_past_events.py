"""Every night: bookings of events long begun are used, whether their contremarque was shown or not."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.automatic import started_before
from booking.persistence import bookings, moves
from booking.usecases.announce import tell_moved
from chassis.db import Database
from chassis.sealed import Sealer

_BATCH = 500


async def use_past_events(database: Database, sealer: Sealer, now: datetime) -> int:
    """How many bookings the run of `now` marked as used; each with `now` as the time of use."""
    bound = started_before(now)
    if bound is None:
        return 0

    async def use_batch(connection: AsyncConnection) -> tuple[int, int]:
        records = await bookings.started(connection, bound, _BATCH)
        used = [record for record in records if await moves.use(connection, record, now)]
        await tell_moved(connection, used, "used", sealer)
        return len(records), len(used)

    done = 0
    while True:
        found, used = await database.run(use_batch)
        done += used
        if found < _BATCH:
            return done
