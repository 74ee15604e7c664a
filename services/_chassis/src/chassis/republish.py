"""Telling the topics again from the aggregates' own tables: their state is the event.

A new consumer, a broker that lost everything and a changed event schema are the same operation.
It goes through the outbox, page by page, with each page's rows share-locked until its events are
committed: an older state can then never follow a newer one into a compacted topic.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.db import Database

_PAGE = 500


async def republish(
    database: Database, published: Sequence[outbox.Published], since: datetime | None = None
) -> dict[str, int]:
    """Put every aggregate changed since `since` (None: all) into the outbox; counts by topic."""
    counts = {}
    for topic in published:
        after: UUID | None = None
        count = 0
        while True:

            async def tell_page(
                connection: AsyncConnection, topic: outbox.Published = topic, after: UUID | None = after
            ) -> Sequence[outbox.Event]:
                events = await topic.read(connection, after, since, _PAGE)
                await outbox.emit(connection, events)
                return events

            page = await database.run(tell_page)
            if not page:
                break
            count += len(page)
            after = page[-1].key
        counts[topic.topic] = count
    return counts
