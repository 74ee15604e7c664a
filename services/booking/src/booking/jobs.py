"""What a scheduler runs at night, in UTC: 00:00 use, 05:00 expire, 05:30 warn (domain.md §4.5).

Each may be given the instant of the run (ISO 8601) to catch up a night that was missed.
"""

from collections.abc import Sequence
from datetime import datetime

from booking.settings import BookingSettings
from booking.usecases.expire_unclaimed import expire_unclaimed
from booking.usecases.use_past_events import use_past_events
from booking.usecases.warn_of_expiry import warn_of_expiry
from chassis.clock import parse_instant
from chassis.service import Runtime


def _run_at(runtime: Runtime[BookingSettings], arguments: Sequence[str]) -> datetime:
    return parse_instant(arguments[0]) if arguments else runtime.clock.now()


async def auto_use(runtime: Runtime[BookingSettings], arguments: Sequence[str]) -> str:
    used = await use_past_events(runtime.database, runtime.sealer, _run_at(runtime, arguments))
    return f"{used} bookings of past events used"


async def expire(runtime: Runtime[BookingSettings], arguments: Sequence[str]) -> str:
    expired = await expire_unclaimed(runtime.database, runtime.sealer, _run_at(runtime, arguments))
    return f"{expired} unclaimed bookings expired"


async def warn(runtime: Runtime[BookingSettings], arguments: Sequence[str]) -> str:
    return f"{await warn_of_expiry(runtime.database, _run_at(runtime, arguments))} beneficiaries warned"


JOBS = {"auto-use": auto_use, "expire": expire, "warn": warn}
