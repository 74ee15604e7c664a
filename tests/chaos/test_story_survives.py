"""Any process killed in the middle of the story: after `./pass up` it runs to its end, nothing lost or doubled."""

import random

import pytest

from local_platform.demo.accounts import ensure_staff
from local_platform.demo.story.play import play
from local_platform.platform.platform import Platform
from tests.e2e.databases import Databases

from .books_agree import assert_books_agree
from .havoc import Havoc

pytestmark = [pytest.mark.platform, pytest.mark.timeout(900)]

STORIES = 2
MUTATIONS = 50
"""Within so many mutations of a story its kills fall; it has some more."""


async def test_every_process_is_killed_once(killed_platform: Platform, seed: int) -> None:
    draw = random.Random(seed)
    victims = [part.name for part in killed_platform.parts]
    assert {"postgres", "kafka", "gateway", "search", "booking", "finance-worker"} <= set(victims)
    draw.shuffle(victims)
    killed: list[str] = []
    for number in range(STORIES):
        havoc = Havoc(killed_platform, victims[number::STORIES], draw, MUTATIONS)
        try:
            play(killed_platform, ensure_staff(killed_platform), havoc)
        finally:
            print(havoc.text)
            havoc.settle()
        assert "remboursé" in havoc.text
        assert killed_platform.away() == []
        killed += havoc.killed
        databases = await Databases.open(killed_platform)
        try:
            await assert_books_agree(databases)
            paid = await databases.rows(
                "finance", "SELECT booking_id FROM pricings WHERE status <> 'cancelled'"
            )
        finally:
            await databases.close()
        assert len(paid) == number + 1, "one reimbursement for each story"
    assert sorted(killed) == sorted(victims), "the stories ended before their kills"
