"""The close from the command line, and by itself."""

from datetime import UTC, datetime

import pytest

from chassis.testing import do_job
from finance.jobs.close_fortnight import CLOSE_FORTNIGHT, EVERY_FORTNIGHT

pytestmark = pytest.mark.servers


async def test_the_job_closes_a_fortnight_and_names_its_batch(world):
    said = await do_job(world.runtime, CLOSE_FORTNIGHT, "--last-day", "2026-11-15")
    assert str(await world.value("SELECT id FROM batches")) in said


async def test_the_job_says_why_it_cannot(world):
    with pytest.raises(SystemExit, match="1 décembre 2026 à 0 h 00"):
        await do_job(world.runtime, CLOSE_FORTNIGHT, "--last-day", "2026-11-30")


@pytest.mark.parametrize(
    ("now", "last_day"),
    [
        (datetime(2026, 11, 16, 5, 0, tzinfo=UTC), "2026-11-15"),
        (datetime(2026, 11, 16, 4, 59, tzinfo=UTC), "2026-10-31"),
        (datetime(2028, 3, 1, 5, 0, tzinfo=UTC), "2028-02-29"),
        (datetime(2026, 7, 1, 4, 0, tzinfo=UTC), "2026-06-30"),
        (datetime(2027, 1, 1, 5, 0, tzinfo=UTC), "2026-12-31"),
    ],
)
def test_a_fortnight_is_closed_the_morning_after_its_last_day(now: datetime, last_day: str) -> None:
    due = EVERY_FORTNIGHT.last_due(now)
    arguments = EVERY_FORTNIGHT.arguments(due.astimezone(EVERY_FORTNIGHT.zone))
    assert CLOSE_FORTNIGHT.write(arguments) == {"last_day": last_day}
