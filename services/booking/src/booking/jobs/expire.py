"""`job expire`: things nobody came for go back to the shelf, and the credit to the beneficiary."""

from datetime import UTC
from typing import Final

from pydantic import AwareDatetime

from booking.jobs.nightly import BookingRun, page_by_page
from booking.usecases.expire_unclaimed import expire_unclaimed
from chassis.jobs import Job, Row


async def _expire(run: BookingRun, at: AwareDatetime | None = None) -> str:
    """Cancel the bookings of things that nobody came for."""
    expired = await page_by_page(
        run,
        lambda connection, place: expire_unclaimed(connection, run.runtime.sealer, place, at or run.now),
    )
    return f"{expired} unclaimed bookings expired"


EXPIRE: Final = Job("expire", _expire)

EVERY_NIGHT: Final = Row("expire", "0 5 * * *", EXPIRE, zone=UTC)
