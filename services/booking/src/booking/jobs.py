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
from chassis.service import House


def _run_at(house: House[BookingSettings], arguments: Sequence[str]) -> datetime:
    return parse_instant(arguments[0]) if arguments else house.clock.now()


async def auto_use(house: House[BookingSettings], arguments: Sequence[str]) -> str:
    used = await use_past_events(house.database, house.sealer, _run_at(house, arguments))
    return f"{used} bookings of past events used"


async def expire(house: House[BookingSettings], arguments: Sequence[str]) -> str:
    expired = await expire_unclaimed(house.database, house.sealer, _run_at(house, arguments))
    return f"{expired} unclaimed bookings expired"


async def warn(house: House[BookingSettings], arguments: Sequence[str]) -> str:
    return f"{await warn_of_expiry(house.database, _run_at(house, arguments))} beneficiaries warned"


JOBS = {"auto-use": auto_use, "expire": expire, "warn": warn}
