"""One history, run by one process at a time."""

import ast
import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from notebook.main import SERVICE
from notebook.process import start
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import migrations, tables
from chassis.at_rest import KeyRing
from chassis.testing import STORAGE_KEY

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[3]
CHASSIS_VERSIONS = migrations.CHASSIS.directory / "versions"


RING = KeyRing(SERVICE.name, STORAGE_KEY)
HISTORY = migrations.History(SERVICE.migrations)


async def revision(url: str, history: migrations.History = HISTORY) -> str | None:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(migrations.current, history)
    finally:
        await engine.dispose()


async def test_two_replicas_migrating_at_once_do_it_one_by_one(empty_database: str) -> None:
    assert await revision(empty_database) is None
    replicas = [await start("migrate", PASS_DATABASE_URL=empty_database) for _ in range(2)]
    assert [await replica.wait() for replica in replicas] == [0, 0]
    assert await revision(empty_database) == migrations.head(HISTORY) == "0002"
    assert await revision(empty_database, migrations.CHASSIS) == migrations.head(migrations.CHASSIS)


async def test_the_second_waits_for_the_first_longer_than_for_any_table(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_LOCK_TIMEOUT", "100ms")
    first = await asyncpg.connect(empty_database.replace("+asyncpg", ""))
    await first.execute("SELECT pg_advisory_lock($1)", migrations._LOCK)
    second = asyncio.create_task(
        asyncio.to_thread(migrations.upgrade, empty_database, SERVICE.migrations, RING)
    )
    await asyncio.sleep(0.5)
    assert not second.done()
    await first.close()
    await second
    assert await revision(empty_database) == "0002"


def test_a_directory_with_a_percent_sign_is_found(tmp_path: Path) -> None:
    (tmp_path / "100%").symlink_to(SERVICE.migrations)
    assert migrations.head(migrations.History(tmp_path / "100%")) == "0002"


async def test_a_database_behind_the_chassis_is_behind(empty_database: str) -> None:
    await asyncio.to_thread(migrations.upgrade, empty_database, SERVICE.migrations, RING)
    wanted = migrations.Wanted.by(SERVICE.migrations)
    engine = create_async_engine(empty_database)
    async with engine.connect() as connection:
        assert await connection.run_sync(wanted.missing) is None
        await connection.execute(sa.text("UPDATE chassis_version SET version_num = '0000'"))
        said = await connection.run_sync(wanted.missing)
    await engine.dispose()
    assert said is not None
    assert "chassis_version" in said


async def test_the_frozen_revisions_make_the_tables_that_the_code_reads(empty_database: str) -> None:
    await asyncio.to_thread(migrations.upgrade, empty_database, SERVICE.migrations, RING)
    engine = create_async_engine(empty_database)
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert differences == []


def _differences(connection: sa.Connection) -> list[Any]:
    ours = set(tables.METADATA.tables)
    options = {"include_name": lambda name, kind, _: kind != "table" or name in ours, "compare_type": True}
    return compare_metadata(MigrationContext.configure(connection, opts=options), tables.METADATA)


@pytest.mark.parametrize(
    "revision_file",
    sorted([*ROOT.glob("services/*/migrations/versions/*.py"), *CHASSIS_VERSIONS.glob("*.py")]),
    ids=lambda file: f"{file.parents[2].name}/{file.stem}",
)
def test_a_revision_reads_nothing_of_todays_code(revision_file: Path) -> None:
    imported = {
        name
        for node in ast.walk(ast.parse(revision_file.read_text()))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert {name.partition(".")[0] for name in imported} <= {"alembic", "sqlalchemy"}
