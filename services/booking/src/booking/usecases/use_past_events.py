"""Bookings of events long begun are used, whether their contremarque was shown or not."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.automatic import started_before
from booking.messages.booking import emit_moved
from booking.persistence import bookings, moves
from booking.usecases.page_of_bookings import PAGE
from chassis.sealed import Sealer


async def use_past_events(connection: AsyncConnection, sealer: Sealer, now: datetime) -> int:
    """How many bookings this step of the run of `now` used, at most a page; 0 when none is left.

    Each with `now` as the time of use.
    """
    bound = started_before(now)
    if bound is None:
        return 0
    records = await bookings.lock_started(connection, bound, PAGE)
    for record in records:
        await moves.use(connection, record, now)
    await emit_moved(connection, records, "used", sealer)
    return len(records)
