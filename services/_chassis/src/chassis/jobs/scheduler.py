"""Turns the timetable into jobs. Any number of processes may run it: one leads at each look."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.clock import Clock, iso
from chassis.db import Database, out_of_reach
from chassis.jobs.queue import enqueue
from chassis.jobs.timetable import PARIS, Row
from chassis.telemetry import log

_LOCK = 0x7469_6D65
_LONGEST_PAUSE = timedelta(seconds=20)

_marks = tables.timetable_marks
_LEAD = sa.text("SELECT pg_try_advisory_xact_lock(:lock)")
_READ = sa.select(_marks.c.row, _marks.c.due_at)
_MARK = pg.insert(_marks)
_MARK = _MARK.on_conflict_do_update(index_elements=["row"], set_={"due_at": _MARK.excluded.due_at})


class Scheduler:
    def __init__(self, database: Database, clock: Clock, timetable: Sequence[Row]) -> None:
        names = [row.name for row in timetable]
        if len(set(names)) < len(names):
            raise ValueError("two rows of the timetable have one name")
        self._database = database
        self._clock = clock
        self._timetable = timetable

    async def run(self, stop: asyncio.Event) -> None:
        """Ask for what is due, until `stop` is set; a lost database is waited for."""
        while not stop.is_set():
            try:
                await self.look()
            except Exception as error:
                if not out_of_reach(error):
                    raise
                log.warning("scheduler.interrupted", error=type(error).__name__)
            now = self._clock.now()
            soonest = min((row.next_due(now) - now for row in self._timetable), default=_LONGEST_PAUSE)
            try:
                await asyncio.wait_for(stop.wait(), min(soonest, _LONGEST_PAUSE).total_seconds())
            except TimeoutError:
                continue

    async def look(self) -> list[str]:
        """Ask for what has become due since the last look, the newest time of each row alone; the rows' names.

        What was due several times while nobody looked is asked for once. A row seen for the first time
        begins now. The mark and the job are one transaction, and the job's key names row and instant:
        without the leader's lock it would still be asked for once.
        """
        return await self._database.run(self._look)

    async def _look(self, connection: AsyncConnection) -> list[str]:
        if not await connection.scalar(_LEAD, {"lock": _LOCK}):
            return []
        now = self._clock.now()
        marks = {mark.row: mark.due_at for mark in await connection.execute(_READ)}
        asked = []
        for row in self._timetable:
            due = row.last_due(now)
            seen = marks.get(row.name)
            if seen is not None and due > seen:
                await enqueue(
                    connection,
                    row.job,
                    row.arguments(due.astimezone(row.zone)),
                    now=now,
                    unique_key=f"{row.name} {iso(due)}",
                )
                log.info("scheduler.due", row=row.name, due=f"{due.astimezone(PARIS):%Y-%m-%d %H:%M %Z}")
                asked.append(row.name)
            if seen is None or due > seen:
                await connection.execute(_MARK, {"row": row.name, "due_at": due})
        return asked
