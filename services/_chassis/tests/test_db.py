"""One act is one transaction; what the database asks to be done again is done again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from notebook.notes import TitleTaken
from notebook.tables import notes
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.db import Database, Unreachable, constraint, out_of_reach, sqlstate
from chassis.ids import new_id
from chassis.service import Runtime
from chassis.verdicts import ErrorCode, verdict

pytestmark = pytest.mark.servers

ROW = {"version": 1, "price_cents": 0, "written_at": sa.func.now()}


async def add(connection: AsyncConnection, title: str) -> None:
    await connection.execute(sa.insert(notes).values(id=new_id(), title=title, **ROW))


async def titles(database: Database) -> list[str]:
    async with database.read() as connection:
        return list(await connection.scalars(sa.select(notes.c.title).order_by(notes.c.title)))


async def raise_sqlstate(connection: AsyncConnection, state: str) -> None:
    await connection.execute(sa.text(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$"))


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_serialization_failure_or_deadlock_is_tried_again_from_the_start(
    state: str, runtime: Runtime[Any]
) -> None:
    tries = 0

    async def work(connection: AsyncConnection) -> int:
        nonlocal tries
        tries += 1
        await add(connection, f"try {tries}")
        if tries < 3:
            await raise_sqlstate(connection, state)
        return tries

    assert await runtime.database.run(work) == 3
    assert await titles(runtime.database) == ["try 3"], "the failed tries left nothing"


async def test_after_five_tries_the_failure_is_the_callers(runtime: Runtime[Any]) -> None:
    tries = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal tries
        tries += 1
        await raise_sqlstate(connection, "40001")

    with pytest.raises(DBAPIError) as failed:
        await runtime.database.run(work)
    assert (sqlstate(failed.value), tries) == ("40001", 5)


async def test_two_transactions_in_a_deadlock_both_succeed(runtime: Runtime[Any]) -> None:
    await runtime.database.run(lambda connection: _two_notes(connection))
    both_hold_one = asyncio.Barrier(2)
    tries = 0

    async def cross(first: str, second: str) -> None:
        waited = False

        async def work(connection: AsyncConnection) -> None:
            nonlocal tries, waited
            tries += 1
            await connection.execute(sa.text("SET LOCAL deadlock_timeout = '50ms'"))
            await _count_up(connection, first)
            if not waited:
                waited = True
                await both_hold_one.wait()
            await _count_up(connection, second)

        await runtime.database.run(work)

    await asyncio.gather(cross("a", "b"), cross("b", "a"))
    async with runtime.database.read() as connection:
        assert list(await connection.scalars(sa.select(notes.c.version))) == [3, 3]
    assert tries == 3, "one of them was the victim once"


async def _two_notes(connection: AsyncConnection) -> None:
    await add(connection, "a")
    await add(connection, "b")


async def _count_up(connection: AsyncConnection, title: str) -> None:
    await connection.execute(
        sa.update(notes).where(notes.c.title == title).values(version=notes.c.version + 1)
    )


async def test_a_refusal_has_no_effect(runtime: Runtime[Any]) -> None:
    refusal = TitleTaken(title="a", fee_cents=None, free_from=None)

    async def work(connection: AsyncConnection) -> TitleTaken:
        await add(connection, "a")
        return refusal

    assert await runtime.database.run(work) is refusal
    assert await titles(runtime.database) == []


async def test_an_exception_has_no_effect_and_is_not_tried_again(runtime: Runtime[Any]) -> None:
    tries = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal tries
        tries += 1
        await add(connection, "a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await runtime.database.run(work)
    assert (await titles(runtime.database), tries) == ([], 1)


async def test_a_broken_constraint_is_named(runtime: Runtime[Any]) -> None:
    async def work(connection: AsyncConnection) -> None:
        await add(connection, "a")
        await add(connection, "a")

    with pytest.raises(DBAPIError) as failed:
        await runtime.database.run(work)
    assert (sqlstate(failed.value), constraint(failed.value)) == ("23505", "notes_title_key")
    assert not out_of_reach(failed.value)


async def test_a_statement_does_not_run_for_ever(runtime: Runtime[Any]) -> None:
    hasty = _like(runtime, statement_timeout_ms=50)
    with pytest.raises(DBAPIError) as failed:
        await hasty.run(lambda connection: connection.execute(sa.text("SELECT pg_sleep(10)")))
    assert sqlstate(failed.value) == "57014"
    await hasty.close()


async def test_a_lock_is_not_waited_for_for_ever(runtime: Runtime[Any]) -> None:
    hasty = _like(runtime, lock_timeout_ms=50)
    await runtime.database.run(_two_notes)
    async with runtime.database.engine.begin() as holder:
        await _count_up(holder, "a")
        with pytest.raises(DBAPIError) as failed:
            await hasty.run(lambda connection: _count_up(connection, "a"))
    assert sqlstate(failed.value) == "55P03"
    await hasty.close()


async def test_every_connection_is_bounded_and_in_utc(runtime: Runtime[Any]) -> None:
    async with runtime.database.read() as connection:
        settings = [
            await connection.scalar(sa.text(f"SHOW {name}"))
            for name in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "timezone",
            )
        ]
    assert settings == ["15s", "10s", "30s", "UTC"]


async def test_a_connection_lost_before_the_commit_is_made_good(runtime: Runtime[Any]) -> None:
    tries = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal tries
        tries += 1
        await add(connection, f"try {tries}")
        if tries == 1:
            await _end(runtime.database, await connection.scalar(sa.text("SELECT pg_backend_pid()")))
            await add(connection, "never")

    await runtime.database.run(work)
    assert await titles(runtime.database) == ["try 2"]


async def test_a_lost_connection_is_the_databases_fault_and_a_lost_file_is_not(runtime: Runtime[Any]) -> None:
    async with runtime.database.read() as connection:
        await _end(runtime.database, await connection.scalar(sa.text("SELECT pg_backend_pid()")))
        with pytest.raises(DBAPIError) as failed:
            await connection.execute(sa.text("SELECT 1"))
    assert out_of_reach(failed.value)
    assert out_of_reach(ConnectionRefusedError())
    assert not out_of_reach(FileNotFoundError(2, "no such file", "template.txt"))
    async with runtime.database.read() as connection:
        with pytest.raises(DBAPIError) as failed:
            await connection.execute(sa.text("SELECT CAST(:n AS int)"), {"n": "twelve"})
    assert not out_of_reach(failed.value), "a wrong argument is no outage"


async def test_reading_sends_no_begin(runtime: Runtime[Any]) -> None:
    async with runtime.database.read() as connection:
        first = await connection.scalar(sa.text("SELECT txid_current()"))
        assert await connection.scalar(sa.text("SELECT txid_current()")) == first + 1


async def _end(database: Database, backend: int) -> None:
    async with database.read() as other:
        await other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})


def _like(runtime: Runtime[Any], **limits: Any) -> Database:
    return Database(runtime.settings.database_url.get_secret_value(), pool_size=1, **limits)


async def test_the_drivers_own_connection_is_one_of_the_pool_and_goes_back(runtime: Runtime[Any]) -> None:
    async with runtime.database.driver() as driver:
        assert await driver.fetchval("SELECT 1") == 1
    async with runtime.database.read() as connection:
        assert await connection.scalar(sa.text("SELECT 2")) == 2


async def test_the_driver_never_gets_a_connection_that_the_server_closed(runtime: Runtime[Any]) -> None:
    """All that lie in the pool are lost at once, as when the server is started anew."""
    database, lost = runtime.database, [asyncio.Event(), asyncio.Event()]
    async with database.driver() as one, database.driver() as other, database.driver() as killer:
        for connection, event in zip((one, other), lost, strict=True):
            connection.add_termination_listener(lambda _, event=event: event.set())
        pids = [connection.get_server_pid() for connection in (one, other)]
        await killer.execute("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", pids)
        await asyncio.gather(*(event.wait() for event in lost))
    for _ in range(4):
        async with runtime.database.driver() as driver:
            assert await driver.fetchval("SELECT 1") == 1


async def test_a_cancelled_use_of_the_driver_gives_its_connection_back(runtime: Runtime[Any]) -> None:
    async def hold() -> None:
        async with runtime.database.driver() as driver:
            await driver.fetchval("SELECT pg_sleep(30)")

    for _ in range(12):  # more than the pool holds
        task = asyncio.create_task(hold())
        await asyncio.sleep(0.02)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    async with runtime.database.driver() as driver:
        assert await driver.fetchval("SELECT 1") == 1


NOT_LET_IN: dict[str, Any] = {
    "there is no server": {"port": 1},
    "it lets nobody in": {"password": "not this one"},
    "it is not ready": {"database": "not_there_yet"},
}
"""What PostgreSQL says no to by a socket, by a message, and by one that another part of it sends."""


@pytest.mark.parametrize("how", NOT_LET_IN)
async def test_no_connection_of_any_kind_where_none_is_given(how: str, runtime: Runtime[Any]) -> None:
    url = sa.make_url(runtime.settings.database_url.get_secret_value()).set(**NOT_LET_IN[how])
    away = Database(url.render_as_string(hide_password=False))
    for connect in (away.driver, away.read):
        with pytest.raises(Unreachable):
            async with connect():
                pass
    with pytest.raises(Unreachable):
        await away.run(lambda connection: add(connection, "never"))
    await away.close()


async def _asks_when_closed(database: Database) -> None:
    async with database.driver() as driver:
        await driver.close()
        await driver.execute("SELECT 1")


async def test_what_the_driver_itself_says_is_understood(runtime: Runtime[Any]) -> None:
    """It says the same in classes of its own: no word of SQLAlchemy's."""
    said: list[BaseException] = []
    for statement in (
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "DO $$ BEGIN RAISE SQLSTATE '53100'; END $$",
        "DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$",
        "SELECT 1 / 0",
    ):
        with pytest.raises(Exception, match=r".") as failed:
            async with runtime.database.driver() as driver:
                await driver.execute(statement)
        said.append(failed.value)
    with pytest.raises(Unreachable) as failed:
        await _asks_when_closed(runtime.database)
    ended, full, locked, wrong, closed = *said, failed.value
    assert [out_of_reach(each) for each in (ended, full, closed)] == [True, True, True]
    assert [out_of_reach(each) for each in (locked, wrong)] == [False, False]
    assert [verdict(each)[0] for each in (ended, full, locked, closed)] == [ErrorCode.UNAVAILABLE] * 4
    assert verdict(wrong)[0] is ErrorCode.INTERNAL


async def test_a_connection_lost_under_the_driver_is_made_good(runtime: Runtime[Any]) -> None:
    tries = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal tries
        tries += 1
        await add(connection, f"try {tries}")
        if tries == 1:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    await runtime.database.run(work)
    assert await titles(runtime.database) == ["try 2"]


@contextlib.asynccontextmanager
async def _behind_what_hides_ends(runtime: Runtime[Any]) -> AsyncIterator[tuple[Database, asyncio.Event]]:
    """A database that is spoken to through what tells nobody that the server hung up; and when it did."""
    url = sa.make_url(runtime.settings.database_url.get_secret_value())
    hung_up, writers = asyncio.Event(), set[asyncio.StreamWriter]()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        while chunk := await reader.read(65536):
            writer.write(chunk)
        hung_up.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(url.host, url.port)
        await asyncio.gather(pass_on(reader, ours), pass_on(theirs, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    database = Database(url.set(port=port).render_as_string(hide_password=False), pool_size=1)
    try:
        yield database, hung_up
    finally:
        server.close()
        for writer in writers:
            writer.close()
        await database.close()


@pytest.mark.parametrize("kind", ["driver", "read", "run"])
async def test_a_connection_is_lost_once_the_server_has_said_so(kind: str, runtime: Runtime[Any]) -> None:
    """The driver hears that the server ends, knows no way on, and believes the connection open until it is closed."""

    async def ask() -> int:
        if kind == "driver":
            async with database.driver() as driver:
                return int(await driver.fetchval("SELECT pg_backend_pid()"))
        if kind == "read":
            async with database.read() as connection:
                return int(await connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0)
        return await database.run(_backend)

    async with _behind_what_hides_ends(runtime) as (database, hung_up):
        first = await ask()
        await _end(runtime.database, first)
        await hung_up.wait()
        await asyncio.sleep(0.05)
        if kind != "run":
            with pytest.raises((DBAPIError, Unreachable)) as failed:
                await ask()
            assert out_of_reach(failed.value)
        assert await ask() != first, "the pool has another connection"


async def _backend(connection: AsyncConnection) -> int:
    return int(await connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0)
