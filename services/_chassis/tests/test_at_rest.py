"""What is personal opens in its own row and column alone, with a key of the ring, unchanged; nothing lies in clear."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from notebook.readers import READERS, Reader
from notebook.tables import notes, readers
from sqlalchemy.dialects import postgresql as pg

from chassis.at_rest import InRow, KeyRing, Sealed, placed
from chassis.db import Database
from chassis.ids import new_id
from chassis.sealed import SealBroken, Sealer
from chassis.service import Runtime

KEY, NEWER = Sealer.new_key(), Sealer.new_key()
RING = KeyRing("notebook", KEY)
COLUMN, ROW = "readers.name", UUID(int=7)


@given(st.binary())
def test_what_is_sealed_is_read_again(plain: bytes) -> None:
    assert RING.open(COLUMN, ROW, RING.seal(COLUMN, ROW, plain)) == plain


def test_equal_values_are_sealed_differently_each_time() -> None:
    assert RING.seal(COLUMN, ROW, b"Ada") != RING.seal(COLUMN, ROW, b"Ada")


@pytest.mark.parametrize(
    ("ring", "column", "row"),
    [
        (RING, COLUMN, UUID(int=8)),
        (RING, "readers.born_on", ROW),
        (KeyRing("notebook", NEWER), COLUMN, ROW),
        (KeyRing("library", KEY), COLUMN, ROW),
    ],
    ids=["another row", "another column", "another key", "another context"],
)
def test_elsewhere_it_does_not_open(ring: KeyRing, column: str, row: UUID) -> None:
    with pytest.raises(SealBroken):
        ring.open(column, row, RING.seal(COLUMN, ROW, b"Ada"))


@given(st.data())
def test_one_changed_bit_breaks_the_seal(data: st.DataObject) -> None:
    seal = bytearray(RING.seal(COLUMN, ROW, b"Ada"))
    seal[data.draw(st.integers(0, len(seal) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        RING.open(COLUMN, ROW, bytes(seal))


@given(st.binary())
def test_what_is_in_clear_does_not_open(clear: bytes) -> None:
    with pytest.raises(SealBroken):
        RING.open(COLUMN, ROW, clear)


def test_old_keys_read_and_the_newest_writes() -> None:
    both = KeyRing("notebook", NEWER, KEY)
    assert both.open(COLUMN, ROW, RING.seal(COLUMN, ROW, b"Ada")) == b"Ada"
    anew = both.seal(COLUMN, ROW, b"Ada")
    assert KeyRing("notebook", NEWER).open(COLUMN, ROW, anew) == b"Ada"
    assert anew.startswith(both.mark)
    assert both.mark == KeyRing("notebook", NEWER).mark != RING.mark


@given(st.binary(), st.binary())
def test_a_digest_is_recognised_by_its_text_and_context_alone(text: bytes, other: bytes) -> None:
    digest = RING.digest(text)
    assert digest == RING.digest(text)
    assert RING.is_digest(digest, text)
    assert RING.is_digest(digest, other) == (text == other)
    assert not KeyRing("library", KEY).is_digest(digest, text)
    assert not RING.is_digest(other, text)


def test_a_digest_is_recognised_by_older_keys_and_made_by_the_newest() -> None:
    both = KeyRing("notebook", NEWER, KEY)
    assert both.is_digest(RING.digest(b"Ada"), b"Ada")
    assert KeyRing("notebook", NEWER).is_digest(both.digest(b"Ada"), b"Ada")
    assert not RING.is_digest(both.digest(b"Ada"), b"Ada")


@pytest.mark.parametrize(
    ("key", "said"), [("c2hvcnQ=", "must be 32 bytes"), ("!?", "is not base64"), ("", "must be 32 bytes")]
)
def test_a_key_is_32_bytes_in_base64(key: str, said: str) -> None:
    for keys in ((key,), (KEY, key)):
        with pytest.raises(ValueError, match=said) as refused:
            KeyRing("notebook", *keys)
        assert not key or key not in str(refused.value)


@pytest.mark.parametrize("value", ["Ada", date(1815, 12, 10), b"Ada"])
def test_what_names_no_row_is_not_written(value: object) -> None:
    """Nor compared: the same parameter would be in a WHERE."""
    with pytest.raises(TypeError, match=r"readers.name is sealed"):
        Sealed(COLUMN).process_bind_param(value, pg.dialect())  # type: ignore[arg-type, no-untyped-call]


def test_a_row_says_where_each_of_its_sealed_values_stands() -> None:
    row = {"id": ROW, "note_id": ROW, "name": "Ada", "born_on": None}
    assert placed(readers, row) == {**row, "name": InRow(ROW, "Ada"), "born_on": InRow(ROW, None)}
    assert placed(notes, {"id": ROW, "title": "x"}) == {"id": ROW, "title": "x"}


# -- in the tables ---------------------------------------------------------------------------------

ADA = Reader(new_id(), 1, new_id(), "Ada Lovelace \N{SNOWMAN}", date(1815, 12, 10))
BLAISE = Reader(new_id(), 1, new_id(), "Blaise Pascal", None)


async def lying(database: Database) -> Sequence[sa.Row[Any]]:
    """The rows as they lie there."""
    async with database.read() as connection:
        return (await connection.execute(sa.text("SELECT * FROM readers ORDER BY id"))).all()


async def opened(database: Database, statement: sa.Select[Any]) -> list[Any]:
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(statement)]


@pytest.fixture
async def database(runtime: Runtime[Any]) -> Database:
    async def add(connection: Any) -> None:
        for reader in (ADA, BLAISE):
            await READERS.add(connection, reader)

    await runtime.database.run(add)
    return runtime.database


@pytest.mark.servers
async def test_a_row_is_read_as_it_was_written_and_lies_sealed(database: Database) -> None:
    async with database.read() as connection:
        assert await READERS.by_ids(connection, [ADA.id, BLAISE.id]) == {ADA.id: ADA, BLAISE.id: BLAISE}
    ada, blaise = await lying(database)
    assert blaise.born_on is None
    for row in (ada, blaise):
        for clear in (b"Ada", b"Love", b"Blaise", b"1815"):
            assert clear not in row.name + (row.born_on or b"")


@pytest.mark.servers
async def test_a_row_that_is_saved_is_given_back_opened(database: Database) -> None:
    async def rename(connection: Any) -> Any:
        locked = await READERS.lock(connection, ADA.id)
        return await READERS.save(connection, replace(locked, name="Augusta Ada"))

    assert await database.run(rename) == replace(ADA, name="Augusta Ada", version=2)


@pytest.mark.servers
async def test_it_opens_however_it_was_selected(database: Database) -> None:
    other = readers.alias("other")
    assert await opened(
        database,
        sa.select(readers.c.name.label("who"), other.c.born_on)
        .select_from(readers.join(other, readers.c.id != other.c.id))
        .order_by(readers.c.id),
    ) == [(ADA.name, None), (BLAISE.name, ADA.born_on)]
    beside = sa.select(sa.literal(1), readers.c.name).select_from(
        sa.select(sa.literal(BLAISE.id).label("id")).subquery("me").outerjoin(readers, sa.false())
    )
    assert await opened(database, beside) == [(1, None)]


@pytest.mark.servers
async def test_a_value_copied_to_another_row_does_not_open(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(
            sa.text("UPDATE readers SET name = (SELECT name FROM readers WHERE id = :one) WHERE id = :two"),
            {"one": ADA.id, "two": BLAISE.id},
        )
    assert await opened(database, sa.select(readers.c.name).where(readers.c.id == ADA.id)) == [(ADA.name,)]
    with pytest.raises(SealBroken):
        await opened(database, sa.select(readers.c.name).where(readers.c.id == BLAISE.id))


@pytest.mark.servers
async def test_a_value_put_there_in_clear_does_not_open(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("UPDATE readers SET name = 'Mallory'"))
    with pytest.raises(SealBroken):
        await opened(database, sa.select(readers.c.name))


@pytest.mark.servers
async def test_nothing_is_looked_for_in_it(database: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="nothing is compared"):
        await opened(database, sa.select(readers.c.id).where(readers.c.name == ADA.name))


@pytest.mark.servers
async def test_without_keys_it_is_said_so(database: Database) -> None:
    blind = Database(database.engine.url.render_as_string(hide_password=False), pool_size=1)
    try:
        with pytest.raises(LookupError, match="without the keys"):
            await opened(blind, sa.select(readers.c.name))
    finally:
        await blind.close()
