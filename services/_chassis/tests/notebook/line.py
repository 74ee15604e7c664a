"""The speaking end: an outbox, a topic of its own, and relays between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis import outbox, tables
from chassis.db import Database
from chassis.ids import new_id
from chassis.outbox import Event
from chassis.relay import Relay
from chassis.service import Runtime
from local_platform.testing import KafkaServer
from notebook.broker import eventually, read_topic, settings_for, values


class Line:
    """One outbox and one topic of its own."""

    def __init__(self, runtime: Runtime[Any], broker: KafkaServer) -> None:
        self.database: Database = runtime.database
        self.broker = broker
        self.settings = settings_for(runtime, broker.bootstrap)
        self.topic = f"notebook.note-{new_id().hex}.v1"

    def event(self, version: int, key: UUID | None = None, **state: Any) -> Event:
        return Event(self.topic, key or new_id(), version, "note.changed", state)

    async def emit(self, *events: Event) -> None:
        await self.database.run(lambda connection: outbox.emit(connection, events))

    async def waiting(self) -> int:
        async with self.database.read() as connection:
            return int(await connection.scalar(sa.select(sa.func.count()).select_from(tables.outbox)) or 0)

    async def drained(self, patience: float = 20) -> None:
        await eventually(self._is_empty, patience)

    async def _is_empty(self) -> bool:
        return await self.waiting() == 0

    @asynccontextmanager
    async def relaying(self, database: Database | None = None) -> AsyncIterator[Relay]:
        stop = asyncio.Event()
        worker = Relay(database or self.database, self.settings, [self.topic])
        task = asyncio.create_task(worker.run(stop))
        try:
            yield worker
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)

    async def told(self) -> list[dict[str, Any]]:
        return values(await read_topic(self.broker.bootstrap, self.topic))
