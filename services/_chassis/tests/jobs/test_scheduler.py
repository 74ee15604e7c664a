"""What the timetable says is asked for once, by one of many, and once for all that was missed."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from notebook.nights import COUNT, NIGHTLY, TIMETABLE

from chassis import tables
from chassis.clock import FixedClock
from chassis.jobs import JobState, Row
from chassis.jobs.scheduler import Scheduler
from chassis.testing import TODAY

from .conftest import Desk

pytestmark = pytest.mark.servers

TOMORROW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""When the nightly row of the notebook is next due: half past two in Paris."""


async def asked(desk: Desk) -> list[tuple[str, Any]]:
    async with desk.database.read() as connection:
        rows = await connection.execute(
            sa.select(tables.jobs.c.unique_key, tables.jobs.c.arguments).order_by(tables.jobs.c.id)
        )
        return [(row.unique_key, row.arguments) for row in rows]


def scheduler(desk: Desk, now: datetime, timetable: Any = TIMETABLE) -> Scheduler:
    return Scheduler(desk.database, FixedClock(now), timetable)


async def test_a_row_seen_for_the_first_time_begins_now(desk: Desk) -> None:
    assert await scheduler(desk, TODAY).look() == []
    assert await asked(desk) == []


async def test_what_is_due_is_asked_for_once(desk: Desk) -> None:
    await scheduler(desk, TODAY).look()
    assert await scheduler(desk, TOMORROW - timedelta(seconds=1)).look() == []
    assert await scheduler(desk, TOMORROW).look() == ["nightly-count"]
    assert await scheduler(desk, TOMORROW + timedelta(hours=1)).look() == []
    assert await asked(desk) == [("nightly-count 2026-11-23T01:30:00Z", {"up_to": 23})]


async def test_nights_that_were_missed_are_caught_up_once(desk: Desk) -> None:
    await scheduler(desk, TODAY).look()
    late = TOMORROW + timedelta(days=9, hours=3)
    assert await scheduler(desk, late).look() == ["nightly-count"]
    assert await asked(desk) == [("nightly-count 2026-12-02T01:30:00Z", {"up_to": 2})]
    async with desk.running():
        async with desk.database.read() as connection:
            job = await connection.scalar(sa.select(tables.jobs.c.id))
        assert job is not None
        ended = await desk.over(job)
    assert (ended.state, ended.asked_at) == (JobState.SUCCEEDED, late)


async def test_of_many_that_look_at_once_one_asks(desk: Desk) -> None:
    await scheduler(desk, TODAY).look()
    looked = await asyncio.gather(*(scheduler(desk, TOMORROW).look() for _ in range(8)))
    assert sorted(looked) == [[]] * 7 + [["nightly-count"]]
    assert len(await asked(desk)) == 1


async def test_without_the_leaders_lock_it_is_still_asked_for_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scheduler(desk, TODAY).look()
    monkeypatch.setattr("chassis.jobs.scheduler._LEAD", sa.text("SELECT :lock > 0"))
    # All have read before any of them writes.
    slowly = sa.select(tables.timetable_marks.c.row, tables.timetable_marks.c.due_at).join_from(
        tables.timetable_marks, sa.func.pg_sleep(0.3).alias(), sa.true()
    )
    monkeypatch.setattr("chassis.jobs.scheduler._READ", slowly)
    looked = await asyncio.gather(*(scheduler(desk, TOMORROW).look() for _ in range(8)))
    assert sum(len(rows) for rows in looked) > 1
    assert len(await asked(desk)) == 1


async def test_a_clock_that_goes_back_asks_for_nothing_twice(desk: Desk) -> None:
    await scheduler(desk, TODAY).look()
    await scheduler(desk, TOMORROW).look()
    assert await scheduler(desk, TODAY).look() == []
    assert await scheduler(desk, TOMORROW).look() == []


async def test_it_looks_again_until_it_is_told_to_stop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.jobs.scheduler._LONGEST_PAUSE", timedelta(milliseconds=10))
    clock = FixedClock(TODAY)
    stop = asyncio.Event()
    task = asyncio.create_task(Scheduler(desk.database, clock, TIMETABLE).run(stop))
    await asyncio.sleep(0.1)
    clock.instant = TOMORROW
    async with asyncio.timeout(10):
        while not await asked(desk):  # noqa: ASYNC110  # another task's work
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(task, 30)


def test_two_rows_of_one_name_are_a_mistake(desk: Desk) -> None:
    with pytest.raises(ValueError, match="one name"):
        scheduler(desk, TODAY, (NIGHTLY, Row("nightly-count", "0 0 * * *", COUNT)))
