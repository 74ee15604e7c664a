"""What booking does by itself at night (domain.md §4.5).

Each may be given the instant of a run (`--at`, ISO 8601 with an offset) to replay a night.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Final

from pydantic import AwareDatetime

from booking.settings import BookingSettings
from booking.usecases.expire_unclaimed import expire_unclaimed
from booking.usecases.use_past_events import use_past_events
from booking.usecases.warn_of_expiry import warn_of_expiry
from chassis.jobs import Job, Row, Run
from chassis.service import Runtime

BookingRun = Run[Runtime[BookingSettings]]


async def _auto_use(run: BookingRun, at: AwareDatetime | None = None) -> str:
    """Use the bookings of events that began more than 48 hours ago."""
    used = await use_past_events(run.runtime.database, run.runtime.sealer, at or run.now)
    return f"{used} bookings of past events used"


async def _expire(run: BookingRun, at: AwareDatetime | None = None) -> str:
    """Cancel the bookings of things that nobody came for."""
    expired = await expire_unclaimed(run.runtime.database, run.runtime.sealer, at or run.now)
    return f"{expired} unclaimed bookings expired"


async def _warn(run: BookingRun, at: AwareDatetime | None = None) -> str:
    """Write to the beneficiaries whose booking is about to expire."""
    return f"{await warn_of_expiry(run.runtime.database, at or run.now)} beneficiaries warned"


AUTO_USE: Final = Job("auto-use", _auto_use)
EXPIRE: Final = Job("expire", _expire)
WARN: Final = Job("warn", _warn)

JOBS: Final[Sequence[Job]] = (AUTO_USE, EXPIRE, WARN)

TIMETABLE: Final[Sequence[Row]] = (
    # The days that these rules count are days in UTC.
    Row("auto-use", "0 0 * * *", AUTO_USE, zone=UTC),
    Row("expire", "0 5 * * *", EXPIRE, zone=UTC),
    Row("warn", "30 5 * * *", WARN, zone=UTC),
)
