"""`job auto-use`: bookings of events long begun are used, whether their contremarque was shown or not."""

from datetime import UTC
from typing import Final

from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.jobs.nightly import BookingRun
from booking.usecases.use_past_events import use_past_events
from chassis.jobs import Job, Row


async def _auto_use(run: BookingRun, at: AwareDatetime | None = None) -> str:
    """Use the bookings of events that began more than 48 hours ago."""

    async def step(connection: AsyncConnection) -> int:
        used = await use_past_events(connection, run.runtime.sealer, at or run.now)
        await run.checkpoint(connection, cursor=None, done=run.done + used)
        return used

    while await run.step(step):
        pass
    return f"{run.done} bookings of past events used"


AUTO_USE: Final = Job("auto-use", _auto_use)

EVERY_NIGHT: Final = Row("auto-use", "0 0 * * *", AUTO_USE, zone=UTC)
"""The days that the rules of the night count are days in UTC (domain.md §4.5)."""
