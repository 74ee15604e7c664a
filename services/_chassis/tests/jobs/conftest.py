"""Jobs of the notebook, done by runners of this process or of others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from notebook.nights import JOBS
from notebook.process import start
from notebook.tables import notes

from chassis import tables
from chassis.ids import new_id
from chassis.jobs import Job, JobRecord, enqueue
from chassis.jobs.queue import RECORD
from chassis.jobs.runner import Runner
from chassis.service import Runtime
from chassis.testing import TODAY


class Desk:
    """Where jobs of one database are asked for and looked at."""

    def __init__(self, runtime: Runtime[Any]) -> None:
        self.runtime = runtime
        self.database = runtime.database

    async def ask(
        self, job: Job, owner: UUID | None = None, unique_key: str | None = None, **given: Any
    ) -> UUID:
        return await self.database.run(
            lambda connection: enqueue(connection, job, given, now=TODAY, owner=owner, unique_key=unique_key)
        )

    async def see(self, id_: UUID) -> JobRecord:
        async with self.database.read() as connection:
            row = await connection.execute(sa.select(*RECORD).where(tables.jobs.c.id == id_))
            return JobRecord.of(row.one())

    async def until(
        self, id_: UUID, condition: Callable[[JobRecord], bool], patience: float = 30
    ) -> JobRecord:
        async with asyncio.timeout(patience):
            while not condition(record := await self.see(id_)):  # noqa: ASYNC110  # another's work
                await asyncio.sleep(0.02)
        return record

    async def over(self, id_: UUID) -> JobRecord:
        return await self.until(id_, lambda record: record.finished_at is not None)

    async def hurry(self) -> None:
        """What waits for another try is due now."""
        await self.write(
            sa.update(tables.jobs)
            .where(tables.jobs.c.state == "queued")
            .values(next_attempt_at=sa.func.now())
        )

    async def expire_leases(self) -> None:
        gone = sa.func.now() - sa.text("interval '1 second'")
        await self.write(
            sa.update(tables.jobs).where(tables.jobs.c.state == "running").values(lease_until=gone)
        )

    async def write(self, statement: Any) -> None:
        await self.database.run(lambda connection: connection.execute(statement))

    async def notes(self, count: int) -> None:
        """So many notes at 0 cents."""
        rows = [
            {"id": new_id(), "version": 1, "title": f"note {n}", "price_cents": 0, "written_at": TODAY}
            for n in range(count)
        ]
        await self.write(sa.insert(notes).values(rows))

    async def prices(self) -> set[int]:
        async with self.database.read() as connection:
            return set(await connection.scalars(sa.select(notes.c.price_cents)))

    def runner(self, **settings: Any) -> Runner:
        changed = self.runtime.settings.model_copy(update=settings)
        return Runner(self.database, changed, JOBS, self.runtime)

    @asynccontextmanager
    async def running(self, **settings: Any) -> AsyncIterator[Runner]:
        stop = asyncio.Event()
        runner = self.runner(**settings)
        task = asyncio.create_task(runner.run(stop))
        try:
            yield runner
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)

    async def process(self, **settings: str) -> asyncio.subprocess.Process:
        """`python -m notebook jobs` on this database."""
        url = self.runtime.settings.database_url.get_secret_value()
        return await start("jobs", PASS_DATABASE_URL=url, **settings)


OpenDesk = Callable[[], Awaitable[Desk]]


@pytest.fixture
def desk(runtime: Runtime[Any]) -> Desk:
    return Desk(runtime)
