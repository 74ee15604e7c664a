"""What the topics tell can be told again from the tables alone, while writers go on."""

import asyncio
from collections import defaultdict
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from notebook import notes as usecases
from notebook.broker import empty_topic
from notebook.ear import Ear
from notebook.events import published
from notebook.line import Line
from notebook.tables import notes

from chassis.republish import republish
from chassis.testing import TODAY

pytestmark = pytest.mark.servers


async def write_notes(line: Line, count: int) -> list[UUID]:
    written: list[Any] = [
        await line.database.run(
            partial(usecases.write, title=f"note {number}", price_cents=0, now=TODAY, topic=line.topic)
        )
        for number in range(count)
    ]
    return [note.id for note in written]


async def state(line: Line) -> dict[UUID, tuple[int, str]]:
    async with line.database.read() as connection:
        return {row.id: (row.version, row.title) for row in await connection.execute(sa.select(notes))}


async def test_a_new_consumer_of_an_emptied_topic_reaches_the_same_state(line: Line, newcomer: Ear) -> None:
    written = await write_notes(line, 7)
    for note in written[:3]:
        await line.database.run(partial(usecases.retitle, note=note, title=f"neu {note}", topic=line.topic))
    async with line.relaying():
        await line.drained()
        await empty_topic(line.settings, line.topic)
        assert await line.told() == []
        assert await republish(line.database, [published(line.topic)]) == {line.topic: 7}
        expected = await state(line)
        async with newcomer.listening():
            await newcomer.until(lambda known: known == expected)


async def test_a_broker_that_lost_everything_is_told_all_again_while_relay_and_consumer_go_on(
    line: Line, newcomer: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Topics, offsets and groups are gone; nobody is started again but the broker."""
    monkeypatch.setattr("chassis.relay._RETRY_SECONDS", 0.1)
    (note, *_) = await write_notes(line, 3)
    async with line.relaying(), newcomer.listening():
        await newcomer.until(lambda known: len(known) == 3)
        await asyncio.to_thread(line.broker.forget)
        await line.database.run(partial(usecases.retitle, note=note, title="meanwhile", topic=line.topic))
        await asyncio.to_thread(line.broker.start)
        await republish(line.database, [published(line.topic)])
        expected = await state(line)
        await newcomer.until(lambda known: known == expected)
        assert expected[note] == (2, "meanwhile")
        await line.drained()
        assert {event["id"] for event in await line.told()} == {str(key) for key in expected}


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
