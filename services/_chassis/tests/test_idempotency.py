"""One client-made key, one effect, one answer."""

import asyncio
import hashlib
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from notebook import notes as usecases
from notebook.notes import TitleTaken
from notebook.tables import notes
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.at_rest import KeyRing
from chassis.db import Database
from chassis.encoding import to_json
from chassis.idempotency import IdempotencyConflict, KeyedRequest, once
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from chassis.service import Runtime
from chassis.testing import TODAY, SubgraphClient, principal

pytestmark = pytest.mark.servers

ME, SOMEBODY_ELSE = UUID(int=1), UUID(int=2)

WRITE = """
mutation ($input: WriteNote!, $key: UUID!) {
  writeNote(input: $input, idempotencyKey: $key) {
    __typename
    ... on NoteWritten { note { id title } }
    ... on TitleTaken { code message title feeCents freeFrom }
  }
}
"""


async def write(
    database: Database, key: UUID, title: str, *, actor: UUID = ME, operation: str = "write"
) -> dict[str, Any] | Refusal:
    async def work(connection: AsyncConnection) -> dict[str, Any] | Refusal:
        async def written() -> dict[str, Any] | Refusal:
            note = await usecases.write(connection, title, 0, TODAY)
            return note if isinstance(note, Refusal) else {"id": str(note.id)}

        return await once(
            connection,
            actor=actor,
            key=key,
            operation=operation,
            request={"title": title},
            work=written,
        )

    return await database.run(work)


async def count(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(sa.select(sa.func.count()).select_from(notes)) or 0)


async def test_fifty_at_once_have_one_effect_and_fifty_equal_answers(runtime: Runtime[Any]) -> None:
    database = Database(runtime.settings.database_url.get_secret_value(), runtime.database.ring, pool_size=50)
    try:
        await asyncio.gather(*(_warm(database) for _ in range(50)))
        answers = await asyncio.gather(*(write(database, UUID(int=7), "only once") for _ in range(50)))
    finally:
        await database.close()
    assert all(answer == answers[0] for answer in answers)
    assert await count(runtime.database) == 1


async def _warm(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(sa.text("SELECT pg_sleep(0.05)"))


async def test_another_request_or_operation_with_the_same_key_is_a_conflict(runtime: Runtime[Any]) -> None:
    key = uuid4()
    await write(runtime.database, key, "first")
    with pytest.raises(IdempotencyConflict):
        await write(runtime.database, key, "second")
    with pytest.raises(IdempotencyConflict):
        await write(runtime.database, key, "first", operation="erase")
    assert await count(runtime.database) == 1


async def test_a_refusal_is_not_remembered(runtime: Runtime[Any]) -> None:
    key = uuid4()
    await write(runtime.database, uuid4(), "taken")
    assert isinstance(await write(runtime.database, key, "taken"), TitleTaken)
    await runtime.database.run(lambda connection: connection.execute(sa.delete(notes)))
    assert isinstance(await write(runtime.database, key, "taken"), dict)


async def test_two_people_may_use_the_same_key(runtime: Runtime[Any]) -> None:
    key = uuid4()
    mine = await write(runtime.database, key, "mine", actor=ME)
    yours = await write(runtime.database, key, "yours", actor=SOMEBODY_ELSE)
    assert mine != yours
    assert await count(runtime.database) == 2


async def test_a_failed_effect_leaves_the_key_free(runtime: Runtime[Any]) -> None:
    key = uuid4()

    async def work(connection: AsyncConnection) -> Any:
        async def effect() -> dict[str, Any]:
            raise RuntimeError

        return await once(
            connection, actor=ME, key=key, operation="write", request={"title": "a"}, work=effect
        )

    with pytest.raises(RuntimeError):
        await runtime.database.run(work)
    assert isinstance(await write(runtime.database, key, "a"), dict)


RING = KeyRing("notebook", Sealer.new_key())
ASKED = KeyedRequest(ME, UUID(int=7), "write", {"a": 1, "b": {"c": 2, "d": 3}})


def test_the_fingerprint_does_not_depend_on_the_order_of_fields() -> None:
    turned = ASKED._replace(request={"b": {"d": 3, "c": 2}, "a": 1})
    assert ASKED.fingerprint(RING) == turned.fingerprint(RING)
    assert turned.matches(ASKED.fingerprint(RING), RING)


@pytest.mark.parametrize(
    "other",
    [
        {"actor": SOMEBODY_ELSE},
        {"key": UUID(int=8)},
        {"operation": "erase"},
        {"request": {"a": 1}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_nothing_else_leaves_the_same_fingerprint(other: dict[str, Any]) -> None:
    assert not ASKED._replace(**other).matches(ASKED.fingerprint(RING), RING)


def test_without_the_key_of_this_context_a_guess_cannot_be_tried() -> None:
    """Who reads the table can compute whatever is not keyed, and go through all birth dates."""
    kept = ASKED.fingerprint(RING)
    assert not ASKED.matches(kept, KeyRing("notebook", Sealer.new_key()))
    key = Sealer.new_key()
    assert not ASKED.matches(ASKED.fingerprint(KeyRing("notebook", key)), KeyRing("library", key))


def test_a_request_is_recognised_while_the_storage_key_changes() -> None:
    old, new = Sealer.new_key(), Sealer.new_key()
    kept = ASKED.fingerprint(KeyRing("notebook", old))
    assert ASKED.matches(kept, KeyRing("notebook", new, old))
    assert ASKED.matches(ASKED.fingerprint(KeyRing("notebook", new, old)), KeyRing("notebook", old, new))
    assert not ASKED.matches(kept, KeyRing("notebook", new)), (
        "dropped too early: a conflict, never a second effect"
    )


def test_one_that_was_kept_before_they_were_keyed_is_recognised() -> None:
    kept = hashlib.sha256(to_json([ASKED.operation, ASKED.request], sorted_keys=True)).digest()
    assert ASKED.matches(kept, RING)
    assert not ASKED._replace(request={"a": 1}).matches(kept, RING)


async def test_no_table_holds_a_hash_that_anybody_can_compute(runtime: Runtime[Any]) -> None:
    await write(runtime.database, uuid4(), "Ada Lovelace, née le 10/12/1815")
    async with runtime.database.read() as connection:
        kept = await connection.scalar(sa.select(tables.idempotency_keys.c.fingerprint))
    assert kept.startswith(runtime.database.ring.mark)


async def test_a_mutation_sent_again_through_the_subgraph_gives_the_first_answer(
    notebook: SubgraphClient, runtime: Runtime[Any]
) -> None:
    who, key = principal("pro"), str(uuid4())
    sent = {"input": {"title": "Une note", "priceCents": 1200}, "key": key}
    answers = [await notebook.data(WRITE, sent, by=who) for _ in range(3)]
    assert answers[0]["writeNote"]["__typename"] == "NoteWritten"
    assert answers == [answers[0]] * 3
    assert await count(runtime.database) == 1
    other = {"input": {"title": "Une autre", "priceCents": 1200}, "key": key}
    assert await notebook.error_code(WRITE, other, by=who) == "IDEMPOTENCY_CONFLICT"
    refused = (await notebook.data(WRITE, {**sent, "key": str(uuid4())}, by=who))["writeNote"]
    assert refused == {
        "__typename": "TitleTaken",
        "code": "TITLE_TAKEN",
        "message": "Une autre note s'appelle déjà « Une note ».",
        "title": "Une note",
        "feeCents": 50,
        "freeFrom": "2026-11-22T10:00:00Z",
    }
