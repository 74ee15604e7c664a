"""A broker that lost everything is filled again from the contexts' own tables: nobody ends up knowing less."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from local_platform.demo.acting import bookings, money, offers
from local_platform.demo.story.scene import Scene
from local_platform.demo.story.the_place import AROUND
from local_platform.paths import PYTHON, ROOT
from local_platform.platform.own_secrets import CONTEXTS
from local_platform.platform.platform import Platform
from local_platform.servers.parts import inherited_environment

from .books import PRICE, on_sale
from .broker import Broker, broker_of
from .databases import RESTLESS, Databases, changed
from .world import World

pytestmark = pytest.mark.platform

QUESTIONS = ("", "concert", "livre", "écume", "paradigmes album", "rockstore")


@pytest.fixture
def broker(platform: Platform, request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Whatever the test stops runs again afterwards."""
    broker = broker_of(platform, request)
    yield broker
    broker.start()
    platform.up()


def republish(platform: Platform) -> None:
    """Every context republishes its topics, all at the same time."""
    told = [
        subprocess.Popen(
            [PYTHON, "-m", context, "republish"],
            cwd=ROOT,
            env={**inherited_environment(), **platform.settings_of(context)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for context in CONTEXTS
    ]
    for process in told:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert "republished" in said


def answers(scene: Scene) -> Mapping[str, Sequence[Any]]:
    """What the search says to each question, in an order that does not depend on when it heard."""
    return {
        words: sorted(
            offers.search(scene.client, words, AROUND, first=100), key=lambda hit: str(hit["offerId"])
        )
        for words in QUESTIONS
    }


async def test_every_context_ends_in_the_same_state(
    platform: Platform, scene: Scene, world: World, broker: Broker, databases: Databases
) -> None:
    client, pro, structure = scene.client, world.who["pro"], world.of["structure"]
    book = on_sale(scene, world, copies=3)
    booking = bookings.book(client, world.who["beneficiary"], book.stock)
    await databases.settled()
    owed = money.awaiting(client, pro, structure)

    # Told and acknowledged, but not yet heard by finance: only the broker has it.
    platform.part("finance-worker").stop()
    bookings.validate(client, pro, booking["contremarque"])
    before, found = await databases.settled(), answers(scene)
    assert all(found.values())
    assert money.awaiting(client, pro, structure) == owed

    broker.forget()
    broker.start()
    platform.part("search").stop()
    rmtree(Path(platform.settings_of("search")["PASS_INDEX_DIR_SEARCH"]))
    platform.up()
    republish(platform)

    scene.soon(
        lambda: money.awaiting(client, pro, structure),
        lambda now: now == {"count": owed["count"] + 1, "amountCents": owed["amountCents"] + PRICE},
        "Finance knows what was told while it was away.",
    )
    scene.soon(lambda: answers(scene), lambda now: now == found, "The search answers as before.")
    after = await databases.settled()
    assert set(changed(before, after)) == {"finance.bookings"}


async def test_telling_it_twice_changes_nothing(platform: Platform, databases: Databases) -> None:
    before = await databases.settled()
    republish(platform)
    assert changed(before, await databases.settled()) == {}
    assert RESTLESS.isdisjoint(name.partition(".")[2] for name in before)


async def test_no_message_was_set_aside(databases: Databases) -> None:
    """Of all that went over the broker in this session, lost and told again, nothing could not be applied."""
    for context in CONTEXTS:
        assert await databases.rows(context, "SELECT topic, reason FROM dead_letters") == []
