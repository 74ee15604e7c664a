"""A job is done once, from the point it reached, whoever dies meanwhile; nobody but its owner sees it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
import structlog
from notebook.nights import CANARY, COUNT, FAIL, JOBS, RAISE_PRICES, REFUSE
from notebook.tables import notes
from prometheus_client import REGISTRY
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.ids import new_id
from chassis.jobs import JobState, cancel, find_own
from chassis.jobs.metrics import measure
from chassis.jobs.run import LeaseLost, Run
from chassis.jobs.runner import GIVEN_UP, Runner

from .conftest import Desk

pytestmark = pytest.mark.servers


async def test_a_job_reports_what_it_did(desk: Desk) -> None:
    job = await desk.ask(COUNT, up_to=3)
    assert (await desk.see(job)).state is JobState.QUEUED
    async with desk.running():
        ended = await desk.over(job)
    assert (ended.state, ended.report, ended.attempts) == (JobState.SUCCEEDED, "3 counted", 1)


async def test_a_job_that_was_not_committed_is_not_done(desk: Desk) -> None:
    async with desk.database.engine.connect() as connection:
        from chassis.jobs import enqueue
        from chassis.testing import TODAY

        await enqueue(connection, COUNT, {"up_to": 1}, now=TODAY)
        await connection.rollback()
    async with desk.database.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(tables.jobs)) == 0


async def test_under_one_key_a_kinds_job_exists_once_whatever_became_of_it(desk: Desk) -> None:
    first = await desk.ask(COUNT, unique_key="2026-11-22", up_to=1)
    asked = await asyncio.gather(*(desk.ask(COUNT, unique_key="2026-11-22", up_to=1) for _ in range(8)))
    assert set(asked) == {first}
    async with desk.running():
        await desk.over(first)
    assert await desk.ask(COUNT, unique_key="2026-11-22", up_to=1) == first
    assert await desk.ask(REFUSE, unique_key="2026-11-22") != first


async def test_progress_is_seen_step_by_step(desk: Desk) -> None:
    await desk.notes(5)
    job = await desk.ask(RAISE_PRICES, pause_seconds=0.05)
    async with desk.running():
        under_way = await desk.until(job, lambda record: record.done == 2)
        assert (under_way.state, under_way.total) == (JobState.RUNNING, 5)
        assert (await desk.over(job)).done == 5
    assert await desk.prices() == {1}


async def test_a_refusal_fails_the_job_with_its_sentence_and_is_not_tried_again(desk: Desk) -> None:
    job = await desk.ask(REFUSE)
    async with desk.running():
        ended = await desk.over(job)
    assert (ended.state, ended.attempts) == (JobState.FAILED, 1)
    assert ended.failure == "Une autre note s'appelle déjà « Liste »."


async def test_a_bug_is_tried_again_a_few_times_then_given_up_without_its_text(desk: Desk) -> None:
    job = await desk.ask(FAIL)
    with structlog.testing.capture_logs() as logged:
        async with desk.running():
            for tried in (1, 2):
                waiting = await desk.until(job, lambda record, tried=tried: record.failures == tried)  # type: ignore[misc]
                assert waiting.state is JobState.QUEUED
                await desk.hurry()
            ended = await desk.over(job)
    assert (ended.state, ended.attempts, ended.failure) == (JobState.FAILED, 3, GIVEN_UP)
    assert ended.error == "ValueError"
    assert CANARY not in str(logged)
    assert CANARY not in str(ended)


async def test_each_further_try_is_later(desk: Desk) -> None:
    job = await desk.ask(FAIL)
    pauses = []
    async with desk.running():
        for tried in (1, 2):
            await desk.until(job, lambda record, tried=tried: record.failures == tried)  # type: ignore[misc]
            async with desk.database.read() as connection:
                pauses.append(
                    await connection.scalar(sa.select(tables.jobs.c.next_attempt_at - sa.func.now()))
                )
            await desk.hurry()
    first, second = (pause.total_seconds() for pause in pauses if pause is not None)
    assert 3 < first <= 5 < second <= 10


async def test_its_owner_cancels_a_job_that_waits(desk: Desk) -> None:
    owner, stranger = uuid4(), uuid4()
    job = await desk.ask(COUNT, owner=owner, up_to=1)
    assert not await desk.database.run(lambda connection: cancel(connection, job, owner=stranger))
    assert (await desk.see(job)).state is JobState.QUEUED
    assert await desk.database.run(lambda connection: cancel(connection, job, owner=owner))
    assert not await desk.database.run(lambda connection: cancel(connection, job, owner=owner))
    async with desk.running():
        await desk.over(await desk.ask(COUNT, up_to=2))
    assert (await desk.see(job)).attempts == 0


async def test_a_job_under_way_that_is_cancelled_stops_at_its_next_checkpoint(desk: Desk) -> None:
    await desk.notes(50)
    owner = uuid4()
    job = await desk.ask(RAISE_PRICES, owner=owner, pause_seconds=0.02)
    async with desk.running():
        await desk.until(job, lambda record: record.done >= 3)
        assert await desk.database.run(lambda connection: cancel(connection, job, owner=owner))
        ended = await desk.over(job)
    assert ended.state is JobState.CANCELLED
    async with desk.database.read() as connection:
        raised = sa.select(sa.func.count()).select_from(notes).where(notes.c.price_cents == 1)
        assert await connection.scalar(raised) == ended.done < 50


async def test_a_job_is_seen_by_its_owner_and_under_its_kind_alone(desk: Desk) -> None:
    owner = uuid4()
    job = await desk.ask(COUNT, owner=owner, up_to=1)
    async with desk.database.read() as connection:
        assert await find_own(connection, job, kind="count", owner=owner) is not None
        assert await find_own(connection, job, kind="count", owner=uuid4()) is None
        assert await find_own(connection, job, kind="fail", owner=owner) is None
        nobodys = await desk.ask(COUNT, up_to=1)
        assert await find_own(connection, nobodys, kind="count", owner=owner) is None


async def test_a_runner_that_is_told_to_stop_gives_its_job_back_at_once(desk: Desk) -> None:
    await desk.notes(40)
    job = await desk.ask(RAISE_PRICES, pause_seconds=0.02)
    async with desk.running():
        await desk.until(job, lambda record: record.done >= 2)
    left = await desk.see(job)
    assert (left.state, left.failures) == (JobState.QUEUED, 0)
    async with desk.running():
        await desk.over(job)
    assert await desk.prices() == {1}


async def test_a_step_that_is_slow_to_end_is_cut_short_and_done_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.jobs.runner._LEAVE_SECONDS", 0.1)
    await desk.notes(2)
    job = await desk.ask(RAISE_PRICES, pause_seconds=30)
    async with desk.running():
        await desk.until(job, lambda record: record.state is JobState.RUNNING)
    assert (await desk.see(job)).state is JobState.QUEUED
    assert await desk.prices() == {0}


async def test_a_lease_is_renewed_while_the_work_takes_longer(desk: Desk) -> None:
    await desk.notes(1)
    job = await desk.ask(RAISE_PRICES, pause_seconds=5)
    async with desk.running(job_lease_seconds=2), desk.running(job_lease_seconds=2):
        ended = await desk.over(job)
    assert (ended.state, ended.attempts) == (JobState.SUCCEEDED, 1)
    assert await desk.prices() == {1}


async def attempt_of(desk: Desk, runner: Runner) -> Run[Any]:
    claimed = await runner._claim_next()
    assert claimed is not None
    return claimed


async def test_one_who_slept_through_its_lease_finds_its_step_undone(desk: Desk) -> None:
    await desk.notes(1)
    await desk.ask(RAISE_PRICES)
    asleep = await attempt_of(desk, desk.runner())
    await desk.expire_leases()
    awake = await attempt_of(desk, desk.runner())
    assert (asleep.job.id, asleep.job.attempts, awake.job.attempts) == (awake.job.id, 1, 2)

    async def raise_price(connection: AsyncConnection, run: Run[Any] | None) -> None:
        await connection.execute(sa.update(notes).values(price_cents=notes.c.price_cents + 1))
        if run is not None:
            await run.checkpoint(connection, cursor="there")

    await awake.step(lambda connection: raise_price(connection, awake))
    with pytest.raises(LeaseLost):
        await asleep.step(lambda connection: raise_price(connection, asleep))
    assert await desk.prices() == {1}
    # Without the checkpoint in the step's transaction, both have their effect.
    await desk.database.run(lambda connection: raise_price(connection, None))
    assert await desk.prices() == {2}


async def test_a_step_that_is_done_again_by_the_database_goes_on_from_the_same_point(desk: Desk) -> None:
    await desk.ask(RAISE_PRICES)
    run = await attempt_of(desk, desk.runner())
    seen = []

    async def step(connection: AsyncConnection) -> None:
        seen.append((run.cursor, run.done))
        await run.checkpoint(connection, cursor="one further", done=run.done + 1)
        if len(seen) == 1:
            await connection.exec_driver_sql("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")

    await run.step(step)
    assert seen == [(None, 0), (None, 0)]
    assert (run.cursor, run.done) == ("one further", 1)


async def test_a_job_whose_processes_die_of_it_is_given_up(desk: Desk) -> None:
    await desk.notes(1)
    job = await desk.ask(RAISE_PRICES)
    for _ in range(RAISE_PRICES.tries):
        await attempt_of(desk, desk.runner())
        await desk.expire_leases()
    async with desk.running():
        ended = await desk.over(job)
    assert (ended.state, ended.failure) == (JobState.FAILED, GIVEN_UP)
    assert await desk.prices() == {0}


async def test_as_many_jobs_as_wanted_are_done_side_by_side(desk: Desk) -> None:
    await desk.notes(1)
    jobs = [await desk.ask(RAISE_PRICES, pause_seconds=0.6) for _ in range(3)]
    async with desk.running(jobs_at_once=2):
        await desk.until(jobs[1], lambda record: record.state is JobState.RUNNING)
        await asyncio.sleep(0.1)
        states = [(await desk.see(job)).state for job in jobs]
        assert states == [JobState.RUNNING, JobState.RUNNING, JobState.QUEUED]
        assert [(await desk.over(job)).state for job in jobs] == [JobState.SUCCEEDED] * 3


async def test_a_kind_that_this_code_does_not_know_waits_for_code_that_does(desk: Desk) -> None:
    job = await desk.ask(COUNT, up_to=1)
    await desk.write(sa.update(tables.jobs).values(kind="of-tomorrow"))
    async with desk.running():
        await desk.over(await desk.ask(COUNT, up_to=1))
    assert (await desk.see(job)).state is JobState.QUEUED


async def test_the_last_success_is_measured_whichever_process_had_it(desk: Desk) -> None:
    kind = f"measured-{new_id().hex}"
    job = await desk.ask(COUNT, up_to=1)
    async with desk.running():
        await desk.over(job)
    await desk.write(sa.update(tables.jobs).values(kind=kind))
    await measure(desk.database)
    at = REGISTRY.get_sample_value("job_last_success_timestamp_seconds", {"job": kind})
    async with desk.database.read() as connection:
        finished = await connection.scalar(sa.select(tables.jobs.c.finished_at))
    assert finished is not None
    assert at == pytest.approx(finished.timestamp())
    assert REGISTRY.get_sample_value("job_last_success_seconds", {"job": kind}) is not None
    assert REGISTRY.get_sample_value("jobs_failed", {"job": kind}) == 0


def test_no_two_kinds_have_one_name() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
