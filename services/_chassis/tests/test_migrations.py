"""One history, run by one process at a time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from notebook.main import SERVICE
from notebook.process import start
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import migrations
from chassis.ids import new_id
from local_platform.servers.postgres_access import PostgresAccess

pytestmark = pytest.mark.servers


@pytest.fixture
async def empty(postgres_server: PostgresAccess) -> AsyncIterator[str]:
    """The URL of a database that nothing was migrated in yet."""
    name = f"empty_{new_id().hex}"
    connection = await asyncpg.connect(postgres_server.dsn())
    await connection.execute(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


async def revision(url: str) -> str | None:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(migrations.current)
    finally:
        await engine.dispose()


async def test_two_replicas_migrating_at_once_do_it_one_by_one(empty: str) -> None:
    assert await revision(empty) is None
    replicas = [await start("migrate", PASS_DATABASE_URL=empty) for _ in range(2)]
    assert [await replica.wait() for replica in replicas] == [0, 0]
    assert await revision(empty) == migrations.head(SERVICE.migrations) == "0001"


async def test_the_second_waits_for_the_first_longer_than_for_any_table(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_LOCK_TIMEOUT", "100ms")
    first = await asyncpg.connect(empty.replace("+asyncpg", ""))
    await first.execute("SELECT pg_advisory_lock($1)", migrations._LOCK)
    second = asyncio.create_task(asyncio.to_thread(migrations.upgrade, empty, SERVICE.migrations))
    await asyncio.sleep(0.5)
    assert not second.done()
    await first.close()
    await second
    assert await revision(empty) == "0001"


def test_a_directory_with_a_percent_sign_is_found(tmp_path: Path) -> None:
    (tmp_path / "100%").symlink_to(SERVICE.migrations)
    assert migrations.head(tmp_path / "100%") == "0001"
