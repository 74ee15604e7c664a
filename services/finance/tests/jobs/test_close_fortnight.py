"""The close from the command line."""

import pytest

from finance.jobs import close_fortnight

pytestmark = pytest.mark.servers


async def test_the_job_closes_a_fortnight_and_names_its_batch(world):
    said = await close_fortnight.run(world.runtime, ["--last-day", "2026-11-15"])
    assert str(await world.value("SELECT id FROM batches")) in said


async def test_the_job_says_why_it_cannot(world):
    with pytest.raises(SystemExit, match="01/12/2026 à 00:00"):
        await close_fortnight.run(world.runtime, ["--last-day", "2026-11-30"])
