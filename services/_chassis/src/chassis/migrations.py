"""Alembic, run from code: forward only, never waiting long for a lock.

Each database has two histories. The chassis' own (`chassis/history`) makes the tables that every
service has; the context's makes the rest and never touches those. Both are frozen statements: a
revision reads no table of today's code, so that what it makes tomorrow is what it made yesterday.
"""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.at_rest import KeyRing
from chassis.db import encrypted
from chassis.first_seals import FirstSeals
from chassis.sealed import Sealer

_LOCK = 0x7061_7373
"""Advisory lock held while migrating, so that two replicas starting at once do it one by one."""

_LOCK_TIMEOUT = "5s"
"""A migration that waits for a busy table makes everybody wait behind it: it gives up instead."""


@dataclass(frozen=True, slots=True)
class History:
    """A line of revisions, and the table that remembers how far a database has come along it."""

    directory: Path
    version_table: str = "alembic_version"


CHASSIS: Final = History(Path(__file__).parent / "history", "chassis_version")
"""The tables that every service's database holds beside its own."""


def run_env() -> None:
    """The whole of each history's `env.py`."""
    attributes = context.config.attributes
    asyncio.run(_upgrade_through(attributes["url"], attributes["version_table"], attributes["tls"]))


async def _upgrade_through(url: str, version_table: str, tls: ssl.SSLContext | None) -> None:
    engine = create_async_engine(url, connect_args=encrypted(tls))
    try:
        async with engine.connect() as connection:
            # In this order: who comes second may well wait longer for the first than for a table's lock.
            await connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            await connection.execute(sa.text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(_run_revisions, version_table)
            await connection.commit()
    finally:
        await engine.dispose()


def _run_revisions(connection: sa.Connection, version_table: str) -> None:
    context.configure(connection=connection, version_table=version_table, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def _config(history: History, url: str = "", tls: ssl.SSLContext | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(history.directory).replace("%", "%%"))
    attributes: dict[str, Any] = {"url": url, "version_table": history.version_table, "tls": tls}
    config.attributes.update(attributes)
    return config


def upgrade(
    url: str,
    directory: Path,
    ring: KeyRing,
    revision: str = "head",
    *,
    sealer: Sealer | None = None,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Bring the database to the newest revision of both histories: the chassis', then `directory`'s to `revision`.

    `ring` seals what a revision takes out of the clear, `sealer` opens what was sealed for the way. Blocking; nothing
    happens when it is there already. `tls` is as `Database` takes it.
    """
    for history, wanted in ((CHASSIS, "head"), (History(directory), revision)):
        config = _config(history, url, tls)
        config.attributes |= {"seal": FirstSeals(ring), "ring": ring, "sealer": sealer}
        command.upgrade(config, wanted)


def head(history: History) -> str | None:
    """The newest revision the code knows."""
    return ScriptDirectory.from_config(_config(history)).get_current_head()


def current(connection: sa.Connection, history: History) -> str | None:
    """The revision the database is at."""
    options = {"version_table": history.version_table}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the code needs of a database; read from the revisions once, asked of the database often."""

    heads: tuple[tuple[History, str | None], ...]

    @classmethod
    def by(cls, directory: Path) -> "Wanted":
        """The newest revisions of the chassis and of the context in `directory`."""
        return cls(tuple((history, head(history)) for history in (CHASSIS, History(directory))))

    def missing(self, connection: sa.Connection) -> str | None:
        """What is not as the code needs it, in words; None when all is."""
        for history, newest in self.heads:
            if (revision := current(connection, history)) != newest:
                return (
                    f"at revision {revision} of {history.version_table}, the code needs {newest}: run migrate"
                )
        return None
