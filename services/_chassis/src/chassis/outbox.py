"""The transactional outbox: an event is written in the transaction of the change it tells.

An event carries the whole public state of one aggregate and its version, so that duplicates,
replays and reordering are harmless to whoever applies "update where the stored version is lower".
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.encoding import to_json
from chassis.telemetry import traceparent

_INSERT = sa.insert(tables.outbox)


@dataclass(frozen=True, slots=True)
class Event:
    """One aggregate's public state after a change."""

    topic: str
    """`<context>.<aggregate>.v1`"""
    key: UUID
    version: int
    """Grows with each change of the aggregate."""
    type: str
    """What happened, for readers of the topic: `booking.confirmed`."""
    state: Mapping[str, Any]
    """JSON-able public state, without `id` and `version`, which are added from the above."""

    def payload(self) -> bytes:
        """The event's value."""
        state = {"id": self.key, "version": self.version, **self.state}
        return to_json(state)


async def emit(connection: AsyncConnection, events: Sequence[Event]) -> None:
    """Write events into the outbox, in order.

    Call it after the aggregate's row is locked by the change: the order of the outbox is then
    the order of the versions.
    """
    if not events:
        return
    trace = traceparent()
    await connection.execute(
        _INSERT,
        [
            {
                "topic": event.topic,
                "key": event.key,
                "type": event.type,
                "payload": event.payload(),
                "trace": trace,
            }
            for event in events
        ],
    )


ReadPage = Callable[[AsyncConnection, UUID | None, datetime | None, int], Awaitable[Sequence[Event]]]
"""`read(connection, after, since, limit)`: the next aggregates by id after `after`, changed since
`since` (None: all), as events. The rows must be read FOR SHARE, see `republish`."""


@dataclass(frozen=True, slots=True)
class Published:
    """A topic this service owns, and how to tell every aggregate of it again."""

    topic: str
    read: ReadPage
    passes: bool = False
    """What it says of an aggregate matters for less than a day, and is kept no longer."""
