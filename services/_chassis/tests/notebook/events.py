"""The topic the notebook publishes, and the copies it keeps of what it hears."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.consumer import Message, Subscription
from chassis.outbox import Event, Published
from notebook.notes import TOPIC, event
from notebook.tables import copies, notes

_COPY = pg.insert(copies)
_COPY = _COPY.on_conflict_do_update(
    index_elements=["id"],
    set_={"version": _COPY.excluded.version, "title": _COPY.excluded.title},
    where=copies.c.version < _COPY.excluded.version,
)


class NoteTold(Message):
    title: str


async def copy(connection: AsyncConnection, messages: Sequence[NoteTold]) -> None:
    await connection.execute(_COPY, [message.model_dump() for message in messages])


def published(topic: str = TOPIC) -> Published:
    async def read(
        connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
    ) -> Sequence[Event]:
        wanted = sa.select(notes).order_by(notes.c.id).limit(limit).with_for_update(read=True)
        if after is not None:
            wanted = wanted.where(notes.c.id > after)
        if since is not None:
            wanted = wanted.where(notes.c.written_at >= since)
        return [event(row._asdict(), topic) for row in await connection.execute(wanted)]

    return Published(topic, read)


def told(topic: str = TOPIC) -> Subscription[NoteTold]:
    return Subscription(topic, NoteTold, copy)
