"""What the topics tell can be told again from the tables alone, while writers go on."""

import asyncio
from collections import defaultdict
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from broker import empty_topic
from notebook import notes as usecases
from notebook.events import published
from notebook.main import SERVICE
from notebook.tables import notes
from test_consumer import Ear
from test_relay import Line

from chassis.republish import republish
from chassis.service import House
from chassis.testing import TODAY, OpenHouse
from local_platform.testing import KafkaServer

pytestmark = pytest.mark.servers


@pytest.fixture
def line(house: House[Any], kafka_server: KafkaServer) -> Line:
    return Line(house, kafka_server)


@pytest.fixture
async def ear(line: Line, kafka_server: KafkaServer, open_house: OpenHouse) -> Ear:
    """A new consumer with an empty database, listening to the line's topic."""
    newcomer = Ear(await open_house(SERVICE), kafka_server)
    newcomer.topic = line.topic
    return newcomer


async def write_notes(line: Line, count: int) -> list[UUID]:
    written: list[Any] = [
        await line.database.run(
            partial(usecases.write, title=f"note {number}", price_cents=0, now=TODAY, topic=line.topic)
        )
        for number in range(count)
    ]
    return [UUID(note["id"]) for note in written]


async def state(line: Line) -> dict[UUID, tuple[int, str]]:
    async with line.database.read() as connection:
        return {row.id: (row.version, row.title) for row in await connection.execute(sa.select(notes))}


async def test_a_new_consumer_of_an_emptied_topic_reaches_the_same_state(line: Line, ear: Ear) -> None:
    written = await write_notes(line, 7)
    for note in written[:3]:
        await line.database.run(partial(usecases.retitle, note=note, title=f"neu {note}", topic=line.topic))
    async with line.relaying():
        await line.drained()
        await empty_topic(line.settings, line.topic)
        assert await line.told() == []
        assert await republish(line.database, [published(line.topic)]) == {line.topic: 7}
        expected = await state(line)
        async with ear.listening():
            await ear.until(lambda known: known == expected)


async def test_only_what_changed_since_is_told_when_that_is_asked(line: Line) -> None:
    await write_notes(line, 3)
    counts = [
        await republish(line.database, [published(line.topic)], since)
        for since in (None, TODAY, TODAY.replace(year=2027))
    ]
    assert counts == [{line.topic: 3}, {line.topic: 3}, {line.topic: 0}]


async def test_more_aggregates_than_a_page_are_all_told(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.republish._PAGE", 3)
    await write_notes(line, 7)
    assert await republish(line.database, [published(line.topic)]) == {line.topic: 7}
    assert await line.waiting() == 14


async def test_an_older_state_never_follows_a_newer_one_while_writers_go_on(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.republish._PAGE", 2)
    written = await write_notes(line, 4)
    done = asyncio.Event()

    async def rewrite(note: UUID) -> None:
        number = 0
        while not done.is_set():
            number += 1
            title = f"{note} {number}"
            await line.database.run(partial(usecases.retitle, note=note, title=title, topic=line.topic))

    writers = [asyncio.create_task(rewrite(note)) for note in written]
    async with line.relaying():
        for _ in range(8):
            assert await republish(line.database, [published(line.topic)]) == {line.topic: 4}
        done.set()
        await asyncio.gather(*writers)
        await line.drained()
    versions = defaultdict(list)
    for event in await line.told():
        versions[event["id"]].append(event["version"])
    for told_versions in versions.values():
        assert told_versions == sorted(told_versions)
        assert len(told_versions) > len(set(told_versions)), "some were told twice, in between"
    assert {key: told_versions[-1] for key, told_versions in versions.items()} == {
        str(note): version for note, (version, _) in (await state(line)).items()
    }
