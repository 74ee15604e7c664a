"""Every committed event arrives, in the order of its aggregate's versions, whatever breaks meanwhile."""

import asyncio
from collections import defaultdict
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa
from notebook import notes as usecases
from notebook.broker import read_topic, values
from notebook.ear import Ear
from notebook.line import Line

from chassis import outbox, relay
from chassis.db import Database
from chassis.ids import new_id
from chassis.provenance import HEADER
from chassis.relay import Relay
from chassis.telemetry import start_trace
from chassis.testing import TODAY

pytestmark = pytest.mark.servers


async def test_an_event_is_the_whole_state_with_cloudevents_headers(line: Line) -> None:
    key = new_id()
    trace = start_trace(None)
    await line.emit(line.event(3, key, title="Une note", written_at=TODAY))
    async with line.relaying():
        await line.drained()
    (record,) = await read_topic(line.broker.bootstrap, line.topic)
    assert record.key == str(key).encode()
    assert values([record]) == [
        {"id": str(key), "version": 3, "title": "Une note", "written_at": "2026-11-22T10:00:00Z"}
    ]
    raw = dict(record.headers)
    line.settings.producers().check(line.topic, record.key, record.value, raw.pop(HEADER))
    headers = {name: value.decode() for name, value in raw.items()}
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_type"] == "note.changed"
    assert headers["ce_source"] == f"/{line.settings.context}"
    assert headers["ce_time"].endswith("Z")
    assert headers["content-type"] == "application/json"
    assert headers["traceparent"].split("-")[1] == trace
    assert headers["ce_id"]


async def test_an_event_that_commits_late_is_not_lost(line: Line) -> None:
    """Its id is lower than those of events relayed before it was committed."""
    async with line.database.engine.connect() as slow, line.relaying():
        late = await slow.begin()
        await outbox.emit(slow, [line.event(1, title="late")])
        for number in range(3):
            await line.emit(line.event(1, title=f"quick {number}"))
            await line.drained()
        assert len(await line.told()) == 3
        await late.commit()
        await line.drained()
    assert {event["title"] for event in await line.told()} == {"late", "quick 0", "quick 1", "quick 2"}


async def test_the_versions_of_each_aggregate_arrive_in_order(line: Line) -> None:
    notes = []
    for number in range(4):
        write = partial(usecases.write, title=f"note {number}", price_cents=0, now=TODAY, topic=line.topic)
        written = await line.database.run(write)
        assert isinstance(written, usecases.Note)
        notes.append(written.id)

    async def rewrite(note: UUID, writer: int) -> None:
        for number in range(12):
            title = f"{note} {writer} {number}"
            await line.database.run(partial(usecases.retitle, note=note, title=title, topic=line.topic))

    async with line.relaying():
        # Two writers an aggregate, all at once, while the relay reads: versions come from under row locks.
        await asyncio.gather(*(rewrite(note, writer) for note in notes for writer in range(2)))
        await line.drained()
    versions = defaultdict(list)
    for event in await line.told():
        versions[event["id"]].append(event["version"])
    assert [versions[str(note)] for note in notes] == [list(range(1, 26))] * 4


async def test_one_relay_is_active_and_the_next_takes_over_when_it_dies(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_RETRY_SECONDS", 0.1)
    second = Database(line.settings.database_url.get_secret_value(), pool_size=2)
    async with line.relaying(), line.relaying(second):
        await line.emit(line.event(1))
        await line.drained()
        (leader,) = await holders(line.database)
        async with line.database.read() as connection:
            await connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": leader})
        await line.emit(line.event(1))
        await line.drained()
        (successor,) = await holders(line.database)
        assert successor != leader
    await second.close()
    assert await holders(line.database) == [], "a stopped relay holds nothing"
    assert len(await line.told()) >= 2


async def holders(database: Database) -> list[int]:
    """Backends that hold the relay's lock in this database."""
    query = sa.text(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :lock AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with database.read() as connection:
        return list(await connection.scalars(query, {"lock": relay._LOCK}))


async def test_what_was_committed_while_the_broker_was_away_arrives_when_it_is_back(
    line: Line, newcomer: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_RETRY_SECONDS", 0.1)
    async with newcomer.listening(), line.relaying():
        await line.emit(line.event(1, title="before"))
        await newcomer.until(lambda known: len(known) == 1)
        await asyncio.to_thread(line.broker.stop)
        await line.emit(*(line.event(1, title=f"meanwhile {number}") for number in range(20)))
        await asyncio.sleep(0.3)
        assert await line.waiting() == 20, "an event leaves the outbox only once the broker has it"
        await asyncio.to_thread(line.broker.start)
        await newcomer.until(lambda known: len(known) == 21)
        await line.drained()


async def test_events_acknowledged_but_not_deleted_are_sent_again_and_harmlessly(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_id()
    await line.emit(line.event(1, key), line.event(2, key))
    with monkeypatch.context() as crash:
        crash.setattr(relay, "_DELETE", sa.text("SELECT 1 / (CAST(:ids AS bigint[]) IS NULL)::int"))
        worker = Relay(line.database, line.settings, [line.topic])
        with pytest.raises(Exception, match="division by zero"):
            await worker.run(asyncio.Event())
    assert await line.waiting() == 2
    async with line.relaying():
        await line.drained()
    records = await read_topic(line.broker.bootstrap, line.topic)
    assert [event["version"] for event in values(records)] == [1, 2, 1, 2]
    identifiers = [dict(record.headers)["ce_id"] for record in records]
    assert identifiers[:2] == identifiers[2:], "an event sent twice says that it is the same"
    assert len(set(identifiers)) == 2
