"""Does the jobs that wait, one process each at a time, whatever is killed meanwhile.

A job is claimed with SKIP LOCKED and leased; the lease is renewed while its work runs. A process that
dies leaves a lease that ends, and another goes on from the last checkpoint. One that only slept has
lost its lease: its next checkpoint finds a newer claim and undoes the step.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.db import Database, out_of_reach, sqlstate
from chassis.jobs.kinds import Job
from chassis.jobs.metrics import measure
from chassis.jobs.queue import RECORD, JobRecord, enqueue
from chassis.jobs.run import IS_OURS, CancelWanted, LeaseLost, Run, ShuttingDown, lease_end
from chassis.refusals import Refusal
from chassis.settings import ServiceSettings
from chassis.telemetry import JOB_FAILURES, JOB_SECONDS, JOBS_RUNNING, frames, log, start_trace

_IDLE_SECONDS = 0.5
_RETRY_SECONDS = 1.0
_MEASURE_SECONDS = 15.0
_LEAVE_SECONDS = 5.0
"""How long a step under way may take to reach its checkpoint once the process is to end."""

_FIRST_BACKOFF_SECONDS = 5.0
_MAX_BACKOFF_SECONDS = 900.0

GIVEN_UP = "Le traitement a échoué plusieurs fois et n'est plus tenté. L'incident a été enregistré."

_jobs = tables.jobs
_NOW = sa.func.now()

_WAITING = (
    sa.select(_jobs.c.id)
    .where(
        _jobs.c.kind == sa.any_(sa.bindparam("kinds", type_=sa.ARRAY(sa.Text))),
        sa.or_(
            sa.and_(_jobs.c.state == "queued", _jobs.c.next_attempt_at <= _NOW),
            sa.and_(_jobs.c.state == "running", _jobs.c.lease_until < _NOW),
        ),
    )
    .order_by(_jobs.c.next_attempt_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _claim(which: sa.ColumnElement[bool]) -> Any:
    return (
        sa.update(_jobs)
        .where(which)
        .values(
            state="running",
            attempts=_jobs.c.attempts + 1,
            # Found running: whoever had it died of it, or with it.
            failures=_jobs.c.failures + sa.case((_jobs.c.state == "running", 1), else_=0),
            lease_until=lease_end(),
            started_at=sa.func.coalesce(_jobs.c.started_at, _NOW),
        )
        .returning(*RECORD)
    )


_CLAIM_NEXT = _claim(_jobs.c.id == _WAITING.scalar_subquery())
_CLAIM_ONE = _claim(sa.and_(_jobs.c.id == sa.bindparam("job"), _jobs.c.state == "queued"))
_RENEW = sa.update(_jobs).where(IS_OURS).values(lease_until=lease_end()).returning(_jobs.c.id)
_FINISH = (
    sa.update(_jobs)
    .where(IS_OURS)
    .values(
        state=sa.bindparam("new_state"),
        report=sa.bindparam("new_report"),
        failure=sa.bindparam("new_failure"),
        finished_at=_NOW,
        lease_until=None,
    )
)
_PUT_BACK = (
    sa.update(_jobs)
    .where(IS_OURS)
    .values(
        state="queued",
        lease_until=None,
        failures=_jobs.c.failures + sa.bindparam("counted", type_=sa.Integer),
        error=sa.func.coalesce(sa.bindparam("why", type_=sa.Text), _jobs.c.error),
        next_attempt_at=lease_end("pause_seconds"),
    )
)


class Runner:
    """The part of a worker that does jobs of these kinds, several at once."""

    def __init__(
        self, database: Database, settings: ServiceSettings, kinds: Sequence[Job], runtime: Any
    ) -> None:
        self._database = database
        self._lease_seconds = settings.job_lease_seconds
        self._kinds = {kind.name: kind for kind in kinds if kind.is_recorded}
        self._at_once = settings.jobs_at_once
        self._runtime = runtime
        self._measured_at = -_MEASURE_SECONDS
        self._running: dict[asyncio.Task[None], Run[Any]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Do what waits until `stop` is set, then let go of what is under way; a lost database is waited for."""
        async with asyncio.TaskGroup() as tasks:
            try:
                while not stop.is_set():
                    await _pause(stop, await self._begin_due(tasks))
            finally:
                await self._leave()

    async def run_now(self, kind: Job, arguments: Mapping[str, Any], now: datetime) -> JobRecord:
        """Ask for a job and do its first attempt here, before any other process; what became of it."""

        async def claim_own(connection: AsyncConnection) -> JobRecord:
            id_ = await enqueue(connection, kind, arguments, now=now)
            row = await connection.execute(_CLAIM_ONE, {"job": id_, "lease_seconds": self._lease_seconds})
            return JobRecord.of(row.one())

        claimed = await self._database.run(claim_own)
        await self._perform(self._begin(claimed))
        async with self._database.read() as connection:
            row = await connection.execute(sa.select(*RECORD).where(_jobs.c.id == claimed.id))
        return JobRecord.of(row.one())

    async def _begin_due(self, tasks: asyncio.TaskGroup) -> float:
        """Begin what waits, as far as there is room; in how many seconds to look again."""
        try:
            while len(self._running) < self._at_once and (run := await self._claim_next()) is not None:
                task = tasks.create_task(self._perform(run))
                self._running[task] = run
                task.add_done_callback(self._running.pop)
            if time.monotonic() > self._measured_at + _MEASURE_SECONDS:
                self._measured_at = time.monotonic()
                await measure(self._database)
        except Exception as error:
            if not out_of_reach(error):
                raise
            log.warning("jobs.interrupted", error=type(error).__name__)
            return _RETRY_SECONDS
        return _IDLE_SECONDS

    async def _claim_next(self) -> Run[Any] | None:
        wanted = {"kinds": list(self._kinds), "lease_seconds": self._lease_seconds}
        async with self._database.read() as connection:
            row = (await connection.execute(_CLAIM_NEXT, wanted)).one_or_none()
        return self._begin(JobRecord.of(row)) if row is not None else None

    def _begin(self, job: JobRecord) -> Run[Any]:
        return Run(self._runtime, job, self._lease_seconds)

    async def _leave(self) -> None:
        """Give back what is under way: at its next checkpoint, or cut short."""
        for run in self._running.values():
            run.is_stopping = True
        if under_way := set(self._running):
            _, late = await asyncio.wait(under_way, timeout=_LEAVE_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    async def _perform(self, run: Run[Any]) -> None:
        job, kind = run.job, self._kinds[run.job.kind]
        start_trace(job.trace)
        began = time.perf_counter()
        with JOBS_RUNNING.labels(job.kind).track_inprogress():
            try:
                await self._end(run, await self._attempt(kind, run))
            except LeaseLost:
                log.warning("job.lease_lost", kind=job.kind, job=str(job.id), attempt=job.attempts)
            except Exception as error:
                if not out_of_reach(error):
                    raise
                # Nobody can be told how it ended; the lease will, and the job goes on from its checkpoint.
                log.warning("job.unfinished", kind=job.kind, job=str(job.id), error=type(error).__name__)
        JOB_SECONDS.labels(job.kind).observe(time.perf_counter() - began)

    async def _end(self, run: Run[Any], outcome: "str | Refusal | BaseException") -> None:
        """Write what became of an attempt."""
        if isinstance(outcome, LeaseLost):
            raise outcome
        if isinstance(outcome, CancelWanted):
            await self._finish(run, "cancelled")
        elif isinstance(outcome, ShuttingDown):
            await self._put_back(run, 0, None, 0.0)
        elif isinstance(outcome, BaseException):
            await self._fail(run, outcome)
        elif isinstance(outcome, Refusal):
            await self._finish(run, "failed", failure=outcome.message)
        else:
            await self._finish(run, "succeeded", report=outcome)

    async def _attempt(self, kind: Job, run: Run[Any]) -> "str | Refusal | BaseException":
        """The work's own outcome, its lease renewed meanwhile."""
        if run.job.is_cancel_wanted:
            return CancelWanted()
        if run.job.failures >= kind.tries:
            return _Dead()
        working = asyncio.ensure_future(kind.work(run, **kind.read(run.job.arguments)))
        renewing = asyncio.ensure_future(self._renew(run))
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                renewing.result()
                return LeaseLost()
            # Its own cancellation, which nobody asked for, would pass for ours.
            return _Dead() if working.cancelled() else working.exception() or working.result()
        except asyncio.CancelledError:
            return ShuttingDown()
        finally:
            await _cut_short(working)
            await _cut_short(renewing)

    async def _renew(self, run: Run[Any]) -> None:
        """Returns once the job is no longer ours."""
        ours = {"job": run.job.id, "attempt": run.job.attempts, "lease_seconds": self._lease_seconds}
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            try:
                async with self._database.read() as connection:
                    if await connection.scalar(_RENEW, ours) is None:
                        return
            except Exception as error:
                if not out_of_reach(error):
                    raise

    async def _fail(self, run: Run[Any], error: BaseException) -> None:
        job, why = run.job, describe(error)
        is_away = out_of_reach(error)
        if not is_away:
            JOB_FAILURES.labels(job.kind).inc()
        log.warning(
            "job.failed",
            kind=job.kind,
            job=str(job.id),
            attempt=job.attempts,
            error=why,
            at=frames(error.__traceback__),
        )
        failures = job.failures + (not is_away)
        if failures >= self._kinds[job.kind].tries:
            await self._finish(run, "failed", failure=GIVEN_UP)
            return
        pause_seconds = min(_FIRST_BACKOFF_SECONDS * 2 ** max(0, failures - 1), _MAX_BACKOFF_SECONDS)
        await self._put_back(run, int(not is_away), why, pause_seconds)

    async def _finish(
        self, run: Run[Any], state: str, *, report: str | None = None, failure: str | None = None
    ) -> None:
        ended = {"new_state": state, "new_report": report, "new_failure": failure}
        await self._write(run, _FINISH, ended)
        log.info("job.ended", kind=run.job.kind, job=str(run.job.id), state=state)

    async def _put_back(self, run: Run[Any], counted: int, why: str | None, pause_seconds: float) -> None:
        await self._write(run, _PUT_BACK, {"counted": counted, "why": why, "pause_seconds": pause_seconds})

    async def _write(self, run: Run[Any], statement: Any, values: dict[str, Any]) -> None:
        ours = {"job": run.job.id, "attempt": run.job.attempts}
        async with self._database.read() as connection:
            if not (await connection.execute(statement, {**ours, **values})).rowcount:
                raise LeaseLost


class _Dead(Exception):
    """An attempt that left no outcome: its process was killed, or it ended itself."""


def describe(error: BaseException) -> str:
    """Why an attempt failed, without the error's own text, which may hold values."""
    state = sqlstate(error)
    return f"{type(error).__name__} {state}" if state else type(error).__name__


async def _cut_short(task: asyncio.Future[Any]) -> None:
    if not task.done():
        task.cancel()
        await asyncio.wait((task,))
    if not task.cancelled():
        task.exception()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
