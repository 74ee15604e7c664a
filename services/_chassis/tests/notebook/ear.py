"""The listening end: one consumer group on one topic, and what it made of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis import tables
from chassis.consumer import Consumer, Subscription
from chassis.ids import new_id
from chassis.kafka import ensure_topics
from chassis.service import Runtime
from local_platform.testing import KafkaServer
from notebook.broker import settings_for, tell
from notebook.events import NoteMessage, copy
from notebook.tables import copies


class Ear:
    """One consumer of one topic of its own."""

    def __init__(self, runtime: Runtime[Any], broker: KafkaServer) -> None:
        self.database = runtime.database
        self.bootstrap = broker.bootstrap
        self.settings = settings_for(runtime, broker.bootstrap)
        self.topic = f"notebook.note-{new_id().hex}.v1"

    @asynccontextmanager
    async def listening(self, apply: Any = copy) -> AsyncIterator[Consumer]:
        stop = asyncio.Event()
        worker = Consumer(self.database, self.settings, [Subscription(self.topic, NoteMessage, apply)])
        task = asyncio.create_task(worker.run(stop))
        try:
            await asyncio.wait_for(worker.ready.wait(), 20)
            yield worker
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)

    async def tell(self, *messages: tuple[bytes, bytes], **how: Any) -> None:
        """As `broker.tell`."""
        await ensure_topics(self.settings, [self.topic])
        await tell(self.bootstrap, self.topic, *messages, **how)

    async def copies(self) -> dict[UUID, tuple[int, str]]:
        async with self.database.read() as connection:
            return {row.id: (row.version, row.title) for row in await connection.execute(sa.select(copies))}

    async def letters(self) -> list[Any]:
        wanted = sa.select(tables.dead_letters).order_by(tables.dead_letters.c.offset)
        async with self.database.read() as connection:
            return list(await connection.execute(wanted))

    async def letters_of(self, count: int) -> list[Any]:
        """The dead letters, once there are so many."""
        async with asyncio.timeout(20):
            while len(await self.letters()) < count:  # noqa: ASYNC110  # another connection's work
                await asyncio.sleep(0.02)
        return await self.letters()

    async def until(self, condition: Callable[[dict[UUID, tuple[int, str]]], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition(await self.copies()):  # noqa: ASYNC110  # another connection's work
                await asyncio.sleep(0.02)
