"""What every table of records can do, on the notebook's notes."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from notebook.main import SERVICE
from notebook.notes import NOTES, Note
from notebook.tables import notes

from chassis.ids import new_id
from chassis.kept import grouped
from chassis.testing import TODAY, OpenRuntime

pytestmark = pytest.mark.servers


@pytest.fixture
async def database(open_runtime: OpenRuntime) -> Any:
    return (await open_runtime(SERVICE)).database


def _note(title: str) -> Note:
    return Note(id=new_id(), version=1, title=title, price_cents=100, written_at=TODAY)


async def test_what_was_added_is_found_as_it_was(database: Any) -> None:
    note, other = _note("one"), _note("other")
    await database.run(lambda connection: NOTES.add(connection, note))
    async with database.read() as connection:
        assert await NOTES.find(connection, note.id) == note
        assert await NOTES.find(connection, other.id) is None
        assert await NOTES.by_ids(connection, [note.id, other.id]) == {note.id: note}
        assert await NOTES.by_ids(connection, []) == {}
        assert await NOTES.all(connection, NOTES.select) == [note]


async def test_an_insert_that_may_meet_another_says_whether_it_wrote(database: Any) -> None:
    statement = NOTES.insert.on_conflict_do_nothing(index_elements=["title"])
    note, twin = _note("one"), _note("one")
    assert await database.run(lambda connection: NOTES.add(connection, note, statement)) is True
    assert await database.run(lambda connection: NOTES.add(connection, twin, statement)) is False


async def test_saving_makes_the_next_version(database: Any) -> None:
    note = _note("one")
    await database.run(lambda connection: NOTES.add(connection, note))
    saved = await database.run(lambda connection: NOTES.save(connection, replace(note, title="two")))
    assert saved == replace(note, title="two", version=2)
    async with database.read() as connection:
        assert await NOTES.find(connection, note.id) == saved
        changed_at = await connection.scalar(sa.select(notes.c.changed_at))
    assert changed_at is not None


async def test_a_locked_row_waits_for_nobody_but_the_other_holder(database: Any) -> None:
    """Two who read, lock, and add one: both are counted."""
    note = _note("0")
    await database.run(lambda connection: NOTES.add(connection, note))

    async def add_one(connection: Any) -> None:
        locked = await NOTES.lock(connection, note.id)
        assert locked is not None
        await asyncio.sleep(0.02)
        await NOTES.save(connection, replace(locked, title=str(int(locked.title) + 1)))

    await asyncio.gather(*(database.run(add_one) for _ in range(5)))
    async with database.read() as connection:
        found = await NOTES.find(connection, note.id)
    assert found is not None
    assert (found.title, found.version) == ("5", 6)


def test_rows_are_grouped_in_the_order_they_came() -> None:
    first, second = _note("a"), _note("b")
    twin = replace(first, title="c")
    assert grouped([second, first, twin], "id") == {second.id: [second], first.id: [first, twin]}
