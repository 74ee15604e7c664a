"""Forgetting what has served its time, so that the chassis' own tables stay as small as their work."""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from chassis import tables
from chassis.db import Database
from chassis.jobs import Job, Row, Run

KEPT: Final = {
    "idempotency_keys": timedelta(days=7),
    "outgoing_mails": timedelta(days=30),
    "throttles": timedelta(days=1),
    "jobs": timedelta(days=90),
}
"""How long each table keeps a row: a key may be sent again for a week, a mail is shown as sent for a month, a
job that is over can be looked at for three."""

_PAGE = 5_000

_keys, _mails, _throttles = tables.idempotency_keys, tables.outgoing_mails, tables.throttles
_jobs = tables.jobs


def _page_before(table: sa.Table, since: sa.Column[Any]) -> sa.Delete:
    """Deletes a page of rows older than `before`: short transactions, that nobody waits long for."""
    rows: sa.Select[Any] = (
        sa.select(sa.column("ctid")).select_from(table).where(since < sa.bindparam("before"))
    )
    return sa.delete(table).where(sa.column("ctid").in_(rows.limit(_PAGE)))


_DELETES: Final = {
    "idempotency_keys": _page_before(_keys, _keys.c.created_at),
    "outgoing_mails": _page_before(_mails, _mails.c.sent_at),
    "throttles": _page_before(_throttles, _throttles.c.window_start),
    "jobs": _page_before(_jobs, _jobs.c.finished_at),
}


async def prune(database: Database, now: datetime) -> dict[str, int]:
    """Delete what is older than `KEPT` says at `now`; rows by table.

    Mails not sent yet and jobs not done yet are never deleted.
    """
    counts = {}
    for table, statement in _DELETES.items():
        before = {"before": now - KEPT[table]}
        counts[table] = 0
        async with database.read() as connection:  # each statement commits by itself
            while deleted := (await connection.execute(statement, before)).rowcount:
                counts[table] += deleted
    return counts


async def _prune(run: Run[Any]) -> str:
    counts = await prune(run.runtime.database, run.now)
    return ", ".join(f"{table}: {count} forgotten" for table, count in counts.items())


PRUNE: Final = Job("prune", _prune)
NIGHTLY: Final = Row("prune", "15 3 * * *", PRUNE)
"""Every context has it, without saying so."""
