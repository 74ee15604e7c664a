"""Columns in clear become sealed ones: every row of before, whatever happens meanwhile, and no clear copy is left."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import asyncpg
import pytest
from notebook.main import SERVICE
from notebook.readers import READERS, Reader
from notebook.tables import readers

from chassis import first_seals, migrations
from chassis.at_rest import KeyRing
from chassis.db import Database
from chassis.first_seals import FirstSeals
from chassis.ids import new_id
from chassis.testing import STORAGE_KEY

pytestmark = pytest.mark.servers

RING = KeyRing(SERVICE.name, STORAGE_KEY)
CANARY = "Canaria Serinus"
BEFORE = [
    Reader(new_id(), 1, new_id(), f"{CANARY} {number}", date(2008, 5, number) if number % 2 else None)
    for number in range(1, 6)
]


async def migrate(url: str, revision: str = "head") -> None:
    await asyncio.to_thread(migrations.upgrade, url, SERVICE.migrations, RING, revision)


@pytest.fixture
async def driver(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncpg.Connection]:
    """A database of before, with readers in clear; two are sealed a page."""
    monkeypatch.setattr(first_seals, "PAGE", 2)
    await migrate(empty_database, "0001")
    connection = await asyncpg.connect(empty_database.replace("+asyncpg", ""))
    await connection.executemany(
        "INSERT INTO readers (id, note_id, name, born_on) VALUES ($1, $2, $3, $4)",
        [(reader.id, reader.note_id, reader.name, reader.born_on) for reader in BEFORE],
    )
    yield connection
    await connection.close()


async def everybody(url: str) -> list[Reader]:
    database = Database(url, RING, pool_size=1)
    try:
        async with database.read() as connection:
            return await READERS.all(connection, READERS.select.order_by(readers.c.id))
    finally:
        await database.close()


async def on_disk(driver: asyncpg.Connection) -> bytes:
    """The table's file."""
    await driver.execute("CHECKPOINT")
    content: bytes = await driver.fetchval("SELECT pg_read_binary_file(pg_relation_filepath('readers'))")
    return content


async def test_rows_of_before_are_sealed_and_read_as_they_were(
    empty_database: str, driver: asyncpg.Connection
) -> None:
    assert CANARY.encode() in await on_disk(driver)
    await migrate(empty_database)
    assert await everybody(empty_database) == BEFORE
    for row in await driver.fetch("SELECT name, born_on FROM readers"):
        assert all(seal is None or seal.startswith(RING.mark) for seal in row.values())
    with pytest.raises(asyncpg.NotNullViolationError):
        await driver.execute("UPDATE readers SET name = NULL")


async def test_no_clear_copy_is_left_in_the_files_of_the_table(
    empty_database: str, driver: asyncpg.Connection
) -> None:
    await migrate(empty_database)
    assert CANARY.encode() not in await on_disk(driver)


async def test_killed_half_way_it_goes_on_where_it_was(
    empty_database: str, driver: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed, rows = FirstSeals._sealed, []

    def dying(self: FirstSeals, *given: Any) -> dict[str, Any]:
        rows.append(given)
        if len(rows) == 3:
            raise ConnectionResetError
        return sealed(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(FirstSeals, "_sealed", dying)
        with pytest.raises(ConnectionResetError):
            await migrate(empty_database)
    there = [row["name_sealed"] for row in await driver.fetch("SELECT name_sealed FROM readers ORDER BY id")]
    assert [seal is not None for seal in there] == [True, True, False, False, False]
    await migrate(empty_database)
    after = [row["name"] for row in await driver.fetch("SELECT name FROM readers ORDER BY id")]
    assert after[:2] == there[:2]
    assert await everybody(empty_database) == BEFORE


Meanwhile = Callable[[asyncpg.Connection], Awaitable[object]]


@pytest.mark.parametrize(
    ("meanwhile", "expected"),
    [
        (
            lambda driver: driver.execute("UPDATE readers SET name = 'Moved' WHERE id = $1", BEFORE[0].id),
            ["Moved", *(reader.name for reader in BEFORE[1:])],
        ),
        (
            lambda driver: driver.execute(
                "INSERT INTO readers (id, note_id, name) VALUES ($1, $1, 'Late')", new_id()
            ),
            [*(reader.name for reader in BEFORE), "Late"],
        ),
    ],
    ids=["changed", "added"],
)
async def test_what_others_write_meanwhile_is_sealed_as_they_wrote_it(
    empty_database: str,
    driver: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Meanwhile,
    expected: list[str],
) -> None:
    """After every page was sealed, and before the columns in clear are gone."""
    seal, loop, times = FirstSeals._seal, asyncio.get_running_loop(), []

    def then_somebody_writes(self: FirstSeals, *given: Any) -> None:
        seal(self, *given)
        times.append(given)
        if len(times) == 1:
            asyncio.run_coroutine_threadsafe(meanwhile(driver), loop).result(30)  # type: ignore[arg-type]

    monkeypatch.setattr(FirstSeals, "_seal", then_somebody_writes)
    await migrate(empty_database)
    assert [reader.name for reader in await everybody(empty_database)] == expected
