"""`job warn`: beneficiaries are warned of bookings that are about to expire."""

from datetime import UTC
from typing import Final

from pydantic import AwareDatetime

from booking.jobs.nightly import BookingRun, page_by_page
from booking.usecases.warn_of_expiry import warn_of_expiry
from chassis.jobs import Job, Row


async def _warn(run: BookingRun, at: AwareDatetime | None = None) -> str:
    """Write to the beneficiaries whose booking is about to expire."""
    warned = await page_by_page(
        run, lambda connection, place: warn_of_expiry(connection, place, at or run.now)
    )
    return f"{warned} beneficiaries warned"


WARN: Final = Job("warn", _warn)

EVERY_NIGHT: Final = Row("warn", "30 5 * * *", WARN, zone=UTC)
