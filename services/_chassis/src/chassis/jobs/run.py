"""What the work of a job is given: who it works for, how far it got before, and the checkpoint."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.jobs.queue import JobRecord, JobState
from chassis.service import Runtime

R = TypeVar("R", bound=Runtime[Any])
T = TypeVar("T")

_jobs = tables.jobs

IS_OURS = sa.and_(
    _jobs.c.id == sa.bindparam("job"),
    _jobs.c.state == "running",
    _jobs.c.attempts == sa.bindparam("attempt"),
)
"""Whether the job is still leased to the attempt that asks: each claim has the next number."""


def lease_end(seconds: str = "lease_seconds") -> sa.ColumnElement[datetime]:
    """By the database's clock: processes need not agree on the time."""
    return sa.func.now() + sa.cast(
        sa.bindparam(seconds, type_=sa.Double) * sa.literal_column("interval '1 second'"), sa.Interval
    )


_CHECKPOINT = (
    sa.update(_jobs)
    .where(IS_OURS)
    .values(
        cursor=sa.bindparam("new_cursor", type_=pg.JSONB(none_as_null=True)),
        done=sa.bindparam("new_done"),
        total=sa.bindparam("new_total"),
        result=sa.bindparam("new_result", type_=pg.JSONB(none_as_null=True)),
        lease_until=lease_end(),
    )
    .returning(_jobs.c.is_cancel_wanted)
)


class Halted(Exception):
    """The work must stop here; what its transaction did is undone."""


class LeaseLost(Halted):
    """Another process has taken the job over."""


class CancelWanted(Halted):
    """Its owner wants no more of it."""


class ShuttingDown(Halted):
    """The process ends; another goes on from the last checkpoint."""


class _Reached(NamedTuple):
    cursor: Any
    done: int
    total: int | None
    result: dict[str, Any] | None


class Run(Generic[R]):
    """One attempt at a job."""

    def __init__(self, runtime: R, job: JobRecord, lease_seconds: float) -> None:
        self.runtime = runtime
        self.job = job
        self.is_stopping = False
        self._lease_seconds = lease_seconds
        self._reached = _Reached(job.cursor, job.done, job.total, job.result)
        self._pending = self._reached

    @classmethod
    def unrecorded(cls, runtime: R, kind: str, now: datetime) -> "Run[R]":
        """For the work of a kind that no row keeps: it has no checkpoint."""
        job = JobRecord(
            id=UUID(int=0),
            kind=kind,
            arguments={},
            owner=None,
            state=JobState.RUNNING,
            asked_at=now,
            cursor=None,
            done=0,
            total=None,
            report=None,
            result=None,
            failure=None,
            error=None,
            is_cancel_wanted=False,
            attempts=1,
            failures=0,
            trace="",
            finished_at=None,
        )
        return cls(runtime, job, 0)

    @property
    def now(self) -> datetime:
        """The business instant of the job, the same for each attempt."""
        return self.job.asked_at

    @property
    def owner(self) -> UUID:
        """Who asked for it. Only for kinds that people ask for."""
        assert self.job.owner is not None, f"{self.job.kind} has no owner"
        return self.job.owner

    @property
    def cursor(self) -> Any:
        """What the last committed checkpoint of this or an earlier attempt saved; None at the beginning."""
        return self._reached.cursor

    @property
    def done(self) -> int:
        """What is done by that checkpoint."""
        return self._reached.done

    @property
    def result(self) -> dict[str, Any] | None:
        """What that checkpoint had to show for it."""
        return self._reached.result

    async def step(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do a step in one transaction, as `Database.run` does: `work` may be called again."""

        async def attempt(connection: AsyncConnection) -> T:
            self._pending = self._reached
            return await work(connection)

        result = await self.runtime.database.run(attempt)
        self._reached = self._pending
        return result

    async def checkpoint(
        self,
        connection: AsyncConnection,
        *,
        cursor: Any,
        done: int | None = None,
        total: int | None = None,
        result: dict[str, Any] | None = None,
    ) -> None:
        """Within a step, as its last statement: save how far the work got, in the transaction of its effect.

        Both are kept or none: an attempt that follows goes on from `cursor`, and nothing is done twice.
        What is None stays as it was. Raises Halted, which must not be caught, when the job was cancelled
        or taken over by another process, or this one is shutting down: the step is then undone.
        """
        before = self._reached
        self._pending = _Reached(
            cursor,
            before.done if done is None else done,
            before.total if total is None else total,
            before.result if result is None else result,
        )
        if self.is_stopping:
            raise ShuttingDown
        saved = {
            "job": self.job.id,
            "attempt": self.job.attempts,
            "new_cursor": cursor,
            "new_done": self._pending.done,
            "new_total": self._pending.total,
            "new_result": self._pending.result,
            "lease_seconds": self._lease_seconds,
        }
        is_cancel_wanted = await connection.scalar(_CHECKPOINT, saved)
        if is_cancel_wanted is None:
            raise LeaseLost
        if is_cancel_wanted:
            raise CancelWanted
