"""Asking for a job, looking at it, cancelling it: statements within the caller's own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.ids import new_id
from chassis.jobs.kinds import Job
from chassis.telemetry import traceparent

_jobs = tables.jobs


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as it is now."""

    id: UUID
    kind: str
    arguments: dict[str, Any]
    owner: UUID | None
    state: JobState
    asked_at: datetime
    cursor: Any
    done: int
    total: int | None
    report: str | None
    result: dict[str, Any] | None
    failure: str | None
    error: str | None
    is_cancel_wanted: bool
    attempts: int
    failures: int
    trace: str
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row of `RECORD`."""
        return cls(**{**row._mapping, "state": JobState(row.state)})


RECORD: Final = [_jobs.c[field.name] for field in fields(JobRecord)]
"""The columns of a JobRecord."""

_INSERT = (
    pg.insert(_jobs)
    .on_conflict_do_nothing(
        index_elements=["kind", "unique_key"], index_where=_jobs.c.unique_key.is_not(None)
    )
    .returning(_jobs.c.id)
)
_SAME = sa.select(_jobs.c.id).where(
    _jobs.c.kind == sa.bindparam("kind"), _jobs.c.unique_key == sa.bindparam("unique_key")
)
_OWN = sa.select(*RECORD).where(
    _jobs.c.id == sa.bindparam("job"),
    _jobs.c.kind == sa.bindparam("kind"),
    _jobs.c.owner == sa.bindparam("owner"),
)
_WAITS = _jobs.c.state == "queued"
_CANCEL = (
    sa.update(_jobs)
    .where(
        _jobs.c.id == sa.bindparam("job"),
        _jobs.c.owner == sa.bindparam("of_owner"),
        _jobs.c.state.in_(["queued", "running"]),
    )
    .values(
        is_cancel_wanted=True,
        # One that nobody has begun ends here; one under way ends at its next checkpoint.
        state=sa.case((_WAITS, "cancelled"), else_=_jobs.c.state),
        finished_at=sa.case((_WAITS, sa.func.now()), else_=None),
    )
    .returning(_jobs.c.id)
)


async def enqueue(
    connection: AsyncConnection,
    job: Job,
    arguments: Mapping[str, Any] | None = None,
    *,
    now: datetime,
    owner: UUID | None = None,
    unique_key: str | None = None,
) -> UUID:
    """Ask for a job, to begin once the transaction is committed; its id.

    `now` is the business instant that its work will see, whenever it runs. Under a `unique_key` a kind's
    job exists once, whatever became of it: the id of the first is given again. Arguments must hold no
    personal data. Raises pydantic.ValidationError when they are not those of the work.
    """
    if not job.is_recorded:
        raise ValueError(f"{job.name} is run from the command line only")
    row = {
        "id": new_id(),
        "kind": job.name,
        "arguments": job.write(arguments or {}),
        "owner": owner,
        "unique_key": unique_key,
        "trace": traceparent(),
        "asked_at": now,
    }
    made: UUID | None = await connection.scalar(_INSERT, row)
    if made is not None:
        return made
    first = await connection.scalar(_SAME, {"kind": job.name, "unique_key": unique_key})
    assert isinstance(first, UUID)
    return first


async def find_own(connection: AsyncConnection, id_: UUID, *, kind: str, owner: UUID) -> JobRecord | None:
    """A job of this kind, for who asked for it and nobody else."""
    row = (await connection.execute(_OWN, {"job": id_, "kind": kind, "owner": owner})).one_or_none()
    return JobRecord.of(row) if row is not None else None


async def cancel(connection: AsyncConnection, id_: UUID, *, owner: UUID) -> bool:
    """Whether the owner's job will go no further than where it is; False when it is over, or another's."""
    return await connection.scalar(_CANCEL, {"job": id_, "of_owner": owner}) is not None
