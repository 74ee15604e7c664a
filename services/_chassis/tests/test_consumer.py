"""Every message is applied at least once or set aside with a reason, and delays no other."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
import sqlalchemy as sa
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from notebook.broker import signed
from notebook.ear import Ear
from notebook.events import NoteMessage, copy, heard
from notebook.tables import copies
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chassis import consumer
from chassis.consumer import Subscription, replay
from chassis.ids import new_id
from chassis.provenance import Producers, Signer
from chassis.sealed import Sealer
from chassis.service import Runtime
from chassis.testing import EVENT_KEYS

pytestmark = pytest.mark.servers

PRODUCERS = Producers.of(EVENT_KEYS)
CANARY = "canari@example.org"


def message(note: UUID, version: int, title: str = "Une note", **more: Any) -> tuple[bytes, bytes]:
    return str(note).encode(), orjson.dumps({"id": note, "version": version, "title": title, **more})


async def fragile(connection: AsyncConnection, messages: Sequence[NoteMessage]) -> None:
    """A handler with a bug for some titles, which shows only once it has written."""
    await copy(connection, messages)
    for told_note in messages:
        if told_note.title.startswith("crash"):
            raise RuntimeError(told_note.title)
        if told_note.title.startswith("constraint"):
            await connection.execute(sa.insert(copies).values(id=told_note.id, version=1, title=CANARY))


async def test_what_is_told_is_applied_and_unknown_fields_are_ignored(ear: Ear) -> None:
    note = new_id()
    await ear.tell(message(note, 1, added_later=True))
    async with ear.listening():
        await ear.until(lambda known: note in known)


async def test_a_batch_is_one_transaction_and_its_offset_is_committed_afterwards(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    transactions: set[int] = set()

    async def watched(connection: AsyncConnection, messages: Sequence[NoteMessage]) -> None:
        await copy(connection, messages)
        transactions.add(await connection.scalar(sa.text("SELECT txid_current()")))

    async def committing(self: Any, *_: Any) -> None:
        known = await ear.copies()
        order.append(f"offset after {len(known)}")
        await commit(self)

    commit = AIOKafkaConsumer.commit
    monkeypatch.setattr(AIOKafkaConsumer, "commit", committing)
    notes = [new_id() for _ in range(20)]
    await ear.tell(*(message(note, 1) for note in notes), partition=0)
    async with ear.listening(watched):
        await ear.until(lambda known: len(known) == 20)
    assert order[-1] == "offset after 20"
    assert len(transactions) == len(order), "one transaction for each batch"


async def test_a_consumer_goes_on_where_it_stopped(ear: Ear) -> None:
    first, second = new_id(), new_id()
    seen: list[UUID] = []

    async def noting(connection: AsyncConnection, messages: Sequence[NoteMessage]) -> None:
        seen.extend(told_note.id for told_note in messages)
        await copy(connection, messages)

    for note in (first, second):
        await ear.tell(message(note, 1), partition=0)
        async with ear.listening(noting):
            await ear.until(lambda known, note=note: note in known)  # type: ignore[misc]
    assert seen == [first, second]


async def test_a_poison_message_is_set_aside_and_delays_nobody(ear: Ear) -> None:
    good = [new_id() for _ in range(6)]
    key = b"k"
    poison = [
        (key, b"not json " + CANARY.encode()),
        (key, orjson.dumps({"id": new_id(), "title": CANARY})),
        (key, orjson.dumps({"id": CANARY, "version": "one", "title": CANARY})),
        message(new_id(), 1, f"crash {CANARY}"),
        message(new_id(), 1, f"constraint {CANARY}"),
    ]
    told_in_order = [message(good[0], 1)]
    for bad, note in zip(poison, good[1:], strict=True):
        told_in_order += [bad, message(note, 1)]
    await ear.tell(*told_in_order, partition=1)
    async with ear.listening(fragile):
        started = time.monotonic()
        await ear.until(lambda known: known.keys() == set(good))
        assert time.monotonic() - started < 5, "a second or two; more only because the machine is shared"
    letters = await ear.letters()
    assert [letter.value for letter in letters] == [value for _, value in poison]
    assert [letter.reason for letter in letters] == [
        "message: json_invalid",
        "version: missing",
        "id: uuid_parsing; version: int_parsing",
        "RuntimeError",
        "IntegrityError UniqueViolationError",
    ]
    assert {(letter.topic, letter.partition) for letter in letters} == {(ear.topic, 1)}


async def test_a_reason_and_a_log_hold_no_value_of_the_message(
    ear: Ear, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await ear.tell(
        (b"k", orjson.dumps({"id": CANARY, "version": 1})), message(new_id(), 1, f"crash {CANARY}")
    )
    async with ear.listening(fragile):
        await ear.letters_of(2)
    seen = (
        "".join(letter.reason for letter in await ear.letters()) + caplog.text + "".join(capfd.readouterr())
    )
    assert "dead_letter" in seen
    assert CANARY not in seen


async def test_dead_letters_are_applied_once_the_handler_is_mended(ear: Ear) -> None:
    note, older = new_id(), new_id()
    await ear.tell(message(note, 1, "crash"), message(older, 1, "crash"), message(older, 2), (b"k", b"{"))
    async with ear.listening(fragile):
        await ear.until(lambda known: older in known)
        await ear.letters_of(3)
    assert await replay(ear.database, PRODUCERS, [Subscription(ear.topic, NoteMessage, fragile)]) == (0, 3)
    assert await replay(ear.database, PRODUCERS, [heard(ear.topic)]) == (2, 1)
    assert await ear.copies() == {note: (1, "crash"), older: (2, "Une note")}
    (left,) = await ear.letters()
    assert left.value == b"{"
    assert await replay(ear.database, PRODUCERS, []) == (0, 1), "a topic nobody listens to any more stays"


async def test_what_its_producer_did_not_sign_is_set_aside_unread(ear: Ear) -> None:
    """Unsigned, signed by another, or another message's signature: whoever may write is not the producer."""
    forged, honest, other = new_id(), new_id(), new_id()
    await ear.tell(message(forged, 1, "unsigned"), partition=0, signer=None)
    await ear.tell(message(forged, 2, "another's"), partition=0, signer=Signer(Sealer.new_key()))
    async with ear.listening() as worker:
        await ear.letters_of(2)
        (headers,) = signed(ear.topic, message(other, 1, "honest"))
        stolen = ConsumerRecord(ear.topic, 1, 0, 0, 0, *message(forged, 3, "stolen"), None, 1, 1, headers)
        await worker.apply_batch([stolen])
        await ear.tell(message(honest, 1, "honest"), partition=0)
        await ear.until(lambda known: honest in known)
    assert await ear.copies() == {honest: (1, "honest")}
    reasons = sorted(letter.reason for letter in await ear.letters())
    assert reasons == ["not signed", "not signed by its producer", "not signed by its producer"]
    assert await replay(ear.database, PRODUCERS, [heard(ear.topic)]) == (0, 3), "nor later"
    assert await ear.copies() == {honest: (1, "honest")}


async def test_a_key_that_was_shown_too_late_loses_nothing(ear: Ear) -> None:
    """Signed with the next key before this consumer was told of it: applied once it is."""
    next_signer, note = Signer(Sealer.new_key()), new_id()
    await ear.tell(message(note, 1, "next"), signer=next_signer)
    async with ear.listening():
        await ear.letters_of(1)
    told = Producers.of(f"{EVENT_KEYS} notebook:{next_signer.public_key}")
    assert await replay(ear.database, told, [heard(ear.topic)]) == (1, 0)
    assert await ear.copies() == {note: (1, "next")}


async def test_a_broker_that_counts_from_zero_again_does_not_lose_a_letter(ear: Ear) -> None:
    """Same topic, partition and offset, another message: the newer one is what is kept."""
    await ear.tell((b"k", b"{"), partition=0)
    async with ear.listening() as worker:
        (letter,) = await ear.letters_of(1)
        (headers,) = signed(ear.topic, (b"other", b"[]"))
        record = ConsumerRecord(ear.topic, 0, letter.offset, 0, 0, b"other", b"[]", None, 5, 2, headers)
        await worker.apply_batch([record])
    (letter,) = await ear.letters()
    assert (letter.key, letter.value, letter.reason) == (b"other", b"[]", "message: model_type")


async def test_nothing_is_lost_or_set_aside_while_the_database_is_away(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "_RETRY_SECONDS", 0.05)
    name = ear.database.engine.url.database
    notes = [new_id() for _ in range(60)]

    async def as_superuser(*statements: str) -> None:
        address = ear.database.engine.url.set(database="postgres", drivername="postgresql")
        connection = await asyncpg.connect(address.render_as_string(hide_password=False))
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    async with ear.listening():
        for start in range(0, 60, 20):
            await ear.tell(*(message(note, 1) for note in notes[start : start + 10]))
            await as_superuser(
                f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
            )
            await ear.tell(*(message(note, 1) for note in notes[start + 10 : start + 20]))
            await asyncio.sleep(0.2)
            await as_superuser(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await ear.until(lambda known: len(known) == 60)
    assert await ear.letters() == []


TOLD = st.lists(
    st.builds(
        NoteMessage,
        id=st.integers(0, 2).map(lambda n: UUID(int=n)),
        version=st.integers(1, 5),
        title=st.just(""),
    ),
    max_size=12,
).map(lambda notes: [note.model_copy(update={"title": f"v{note.version}"}) for note in notes])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_duplicates_and_any_order_end_in_the_same_state(data: st.DataObject, apply_rule: Any) -> None:
    """The state is the newest version of each aggregate, however often and in what order it was told."""
    once = data.draw(TOLD)
    again = data.draw(st.permutations(once + once))
    batches = [again[start : start + 5] for start in range(0, len(again), 5)]
    newest = {note.id: note.version for note in sorted(once, key=lambda note: note.version)}
    assert apply_rule(batches) == newest


@pytest.fixture
def apply_rule(runtime: Runtime[Any]) -> Callable[[list[list[NoteMessage]]], dict[UUID, int]]:
    """What the copies are after these batches; nothing of it stays."""

    async def state_after(batches: list[list[NoteMessage]]) -> dict[UUID, int]:
        connection = await asyncpg_engine(runtime).connect()
        try:
            for batch in batches:
                await copy(connection, batch)
            return {row.id: row.version for row in await connection.execute(sa.select(copies))}
        finally:
            await connection.close()

    return lambda batches: asyncio.run(state_after(batches))


def asyncpg_engine(runtime: Runtime[Any]) -> AsyncEngine:
    return create_async_engine(runtime.settings.database_url.get_secret_value(), poolclass=sa.NullPool)
