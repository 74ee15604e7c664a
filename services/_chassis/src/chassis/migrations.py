"""Alembic, run from code: one history per context, forward only, never waiting long for a lock."""

import asyncio
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import tables

_LOCK = 0x7061_7373
"""Advisory lock held while migrating, so that two replicas starting at once do it one by one."""

_LOCK_TIMEOUT = "5s"
"""A migration that waits for a busy table makes everybody wait behind it: it gives up instead."""


def create_chassis_tables(op: Any) -> None:
    """Create outbox, idempotency keys, dead letters, mails and throttles: part of each first revision.

    `op` is `alembic.op`.
    """
    bind = op.get_bind()
    tables.METADATA.create_all(bind, checkfirst=False)
    # The outbox is a queue: it is emptied as fast as it fills, so it must be vacuumed often.
    op.execute(
        "ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)"
    )


def run_env() -> None:
    """The whole of each service's `env.py`."""
    asyncio.run(_upgrade_through(context.config.attributes["url"]))


async def _upgrade_through(url: str) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            # In this order: who comes second may well wait longer for the first than for a table's lock.
            await connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            await connection.execute(sa.text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(_run_revisions)
            await connection.commit()
    finally:
        await engine.dispose()


def _run_revisions(connection: sa.Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def _config(directory: Path, url: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(directory).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def upgrade(url: str, directory: Path) -> None:
    """Bring the database to the newest revision. Blocking; nothing happens when it is there already."""
    command.upgrade(_config(directory, url), "head")


def head(directory: Path) -> str | None:
    """The newest revision the code knows."""
    return ScriptDirectory.from_config(_config(directory)).get_current_head()


def current(connection: sa.Connection) -> str | None:
    """The revision the database is at."""
    return MigrationContext.configure(connection).get_current_revision()
