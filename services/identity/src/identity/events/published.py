"""The topics identity owns, and how each is told again from its table."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.outbox import Event, Published
from chassis.sealed import Sealer
from identity.persistence import event_states
from identity.persistence.queries import page_for_republish
from identity.persistence.tables import attachments, grants, persons, structures

_WHAT = "republished"


def published(sealer: Sealer) -> Sequence[Published]:
    return (
        _topic(event_states.PERSON, persons, lambda row: event_states.person_event(row, sealer, _WHAT)),
        _topic(event_states.STRUCTURE, structures, lambda row: event_states.structure_event(row, _WHAT)),
        _topic(event_states.ATTACHMENT, attachments, lambda row: event_states.attachment_event(row, _WHAT)),
        _topic(event_states.GRANT, grants, lambda row: event_states.grant_event(row, _WHAT)),
    )


def _topic(topic: str, table: sa.Table, event: Callable[[sa.Row[Any]], Event]) -> Published:
    async def read(
        connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
    ) -> Sequence[Event]:
        return [event(row) for row in await page_for_republish(connection, table, after, since, limit)]

    return Published(topic, read)
