"""Publishing the topics again from the aggregates' own tables: their state is the event.

A new consumer, a broker that lost everything and a changed event schema are the same operation.
It goes through the outbox, page by page, with each page's rows share-locked until its events are
committed: an older state can then never follow a newer one into a compacted topic.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.db import Database

_PAGE = 500


def published(
    topic: str,
    table: sa.Table,
    event: Callable[[Any], outbox.Event],
    rows: sa.Select[Any] | None = None,
    *,
    passes: bool = False,
) -> outbox.Published:
    """A topic whose aggregates are the rows of `table`, which has `id` and `changed_at`.

    `event` makes the event of a row of `rows` (None: of the table's own columns); `rows` may join
    other tables, only `table` is locked.
    """
    page = (sa.select(table) if rows is None else rows).order_by(table.c.id)
    page = page.with_for_update(read=True, of=table)

    async def read(
        connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
    ) -> Sequence[outbox.Event]:
        statement = page.limit(limit)
        if after is not None:
            statement = statement.where(table.c.id > after)
        if since is not None:
            statement = statement.where(table.c.changed_at >= since)
        return [event(row) for row in await connection.execute(statement)]

    return outbox.Published(topic, read, passes)


async def republish(
    database: Database, topics: Sequence[outbox.Published], since: datetime | None = None
) -> dict[str, int]:
    """Put every aggregate changed since `since` (None: all) into the outbox; counts by topic."""
    counts = {}
    for topic in topics:
        after: UUID | None = None
        count = 0
        while True:

            async def publish_page(
                connection: AsyncConnection, topic: outbox.Published = topic, after: UUID | None = after
            ) -> Sequence[outbox.Event]:
                events = await topic.read(connection, after, since, _PAGE)
                await outbox.emit(connection, events)
                return events

            page = await database.run(publish_page)
            if not page:
                break
            count += len(page)
            after = page[-1].key
        counts[topic.topic] = count
    return counts
