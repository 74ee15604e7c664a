"""What the table says of jobs, whichever process did them: a CronJob's is gone when it could be asked."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from chassis import tables
from chassis.db import Database
from chassis.telemetry import JOB_LAST_DURATION, JOB_LAST_SUCCESS, JOBS_GIVEN_UP, JOBS_LATE

_jobs = tables.jobs
_LAST = (
    sa.select(_jobs.c.kind, _jobs.c.started_at, _jobs.c.finished_at)
    .ext(pg.distinct_on(_jobs.c.kind))
    .where(_jobs.c.state == "succeeded")
    .order_by(_jobs.c.kind, _jobs.c.finished_at.desc())
)
_GIVEN_UP = (
    sa.select(_jobs.c.kind, sa.func.count().filter(_jobs.c.state == "failed").label("failed"))
    .where(_jobs.c.finished_at.is_not(None))
    .group_by(_jobs.c.kind)
)
_OLDEST_DUE = sa.select(sa.func.min(_jobs.c.next_attempt_at)).where(
    _jobs.c.state == "queued", _jobs.c.next_attempt_at <= sa.func.now()
)


async def measure(database: Database) -> None:
    """Bring the gauges to what the table says."""
    async with database.read() as connection:
        for last in await connection.execute(_LAST):
            JOB_LAST_SUCCESS.labels(last.kind).set(last.finished_at.timestamp())
            JOB_LAST_DURATION.labels(last.kind).set((last.finished_at - last.started_at).total_seconds())
        for kind in await connection.execute(_GIVEN_UP):
            JOBS_GIVEN_UP.labels(kind.kind).set(kind.failed)
        oldest: datetime | None = await connection.scalar(_OLDEST_DUE)
    JOBS_LATE.set((datetime.now(UTC) - oldest).total_seconds() if oldest is not None else 0)
