"""Several processes on one table: each job by one of them, and by another when that one is killed."""

import asyncio

import pytest
from notebook.nights import COUNT, RAISE_PRICES

from chassis.jobs import JobState

from .conftest import Desk

pytestmark = pytest.mark.servers


async def test_of_three_processes_one_does_each_job(desk: Desk) -> None:
    await desk.notes(1)
    jobs = [await desk.ask(RAISE_PRICES) for _ in range(120)]
    processes = [await desk.process() for _ in range(3)]
    try:
        ended = [await desk.over(job) for job in jobs]
    finally:
        for process in processes:
            process.terminate()
        codes = await asyncio.gather(*(process.wait() for process in processes))
    assert {(record.state, record.attempts) for record in ended} == {(JobState.SUCCEEDED, 1)}
    assert await desk.prices() == {120}
    assert codes == [0, 0, 0]


async def test_a_killed_processs_job_is_gone_on_with_from_the_point_reached(desk: Desk) -> None:
    await desk.notes(60)
    job = await desk.ask(RAISE_PRICES, pause_seconds=0.02)
    for reached in (10, 25, 40):
        process = await desk.process(PASS_JOB_LEASE_SECONDS="1")
        await desk.until(job, lambda record, reached=reached: record.done >= reached)  # type: ignore[misc]
        process.kill()
        await process.wait()
    last = await desk.process(PASS_JOB_LEASE_SECONDS="1")
    ended = await desk.over(job)
    last.terminate()
    await last.wait()
    assert (ended.state, ended.done, ended.failures) == (JobState.SUCCEEDED, 60, 3)
    assert await desk.prices() == {1}


async def test_a_process_told_to_end_leaves_nothing_half_done(desk: Desk) -> None:
    await desk.notes(30)
    job = await desk.ask(RAISE_PRICES, pause_seconds=0.02)
    process = await desk.process()
    await desk.until(job, lambda record: record.done >= 3)
    process.terminate()
    assert await process.wait() == 0
    left = await desk.see(job)
    assert (left.state, left.failures) == (JobState.QUEUED, 0)
    async with desk.running():
        await desk.over(job)
        await desk.over(await desk.ask(COUNT, up_to=1))
    assert await desk.prices() == {1}
