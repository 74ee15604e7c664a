"""The notebook's jobs: one that works in steps, and some that misbehave on purpose."""

import asyncio
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Job, Row, Run
from chassis.refusals import Refusal
from notebook.notes import TitleTaken
from notebook.tables import notes

CANARY = "canari-9f31@example.org"
"""Must never be seen in an answer or a log."""

_NEXT = sa.select(notes.c.id).where(notes.c.id > sa.bindparam("after")).order_by(notes.c.id).limit(1)
_RAISE = (
    sa.update(notes)
    .where(notes.c.id == sa.bindparam("note"))
    .values(price_cents=notes.c.price_cents + sa.bindparam("by_cents"))
)
_COUNT = sa.select(sa.func.count()).select_from(notes)


async def _raise_prices(run: Run[Any], by_cents: int = 1, pause_seconds: float = 0) -> str:
    """Raise every price, note after note: done twice, it would show."""
    async with run.runtime.database.read() as connection:
        total = await connection.scalar(_COUNT)

    async def step(connection: AsyncConnection) -> bool:
        note = await connection.scalar(_NEXT, {"after": UUID(run.cursor) if run.cursor else UUID(int=0)})
        if note is None:
            return False
        await connection.execute(_RAISE, {"note": note, "by_cents": by_cents})
        await asyncio.sleep(pause_seconds)
        await run.checkpoint(connection, cursor=str(note), done=run.done + 1, total=total)
        return True

    while await run.step(step):
        pass
    return f"{run.done} prices raised"


async def _count(run: Run[Any], up_to: int, slowly: bool = False) -> str:
    """Count."""
    return f"{up_to} counted{' slowly' if slowly else ''}"


async def _fail(_: Run[Any]) -> str:
    raise ValueError(CANARY)


async def _refuse(_: Run[Any]) -> str | Refusal:
    return TitleTaken("Liste", fee_cents=50, free_from=None)


RAISE_PRICES = Job("raise-prices", _raise_prices, tries=4)
COUNT = Job("count", _count)
FAIL = Job("fail", _fail, tries=3)
REFUSE = Job("refuse", _refuse)
WHISPER = Job("whisper", _count, is_recorded=False)

JOBS = (RAISE_PRICES, COUNT, FAIL, REFUSE, WHISPER)
NIGHTLY = Row("nightly-count", "30 2 * * *", COUNT, arguments=lambda due: {"up_to": due.day})
TIMETABLE = (NIGHTLY,)
