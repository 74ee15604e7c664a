"""Statements on changes of address."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Aggregates
from identity.domain.email_changes import EmailChangeStatus
from identity.persistence.records import EmailChangeRecord
from identity.persistence.tables import email_changes

_CHANGES = Aggregates(email_changes, EmailChangeRecord)
add, save, lock = _CHANGES.add, _CHANGES.save, _CHANGES.lock

_LOCK_OPEN = _CHANGES.select.where(
    email_changes.c.person_id == sa.bindparam("person"),
    email_changes.c.status.in_([EmailChangeStatus.ASKED, EmailChangeStatus.CONFIRMED]),
).with_for_update(key_share=True)
_LATEST = (
    _CHANGES.select.ext(pg.distinct_on(email_changes.c.person_id))
    .where(email_changes.c.person_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(email_changes.c.person_id, email_changes.c.id.desc())
)


async def lock_open(connection: AsyncConnection, person_id: UUID) -> EmailChangeRecord | None:
    """The one of a person that is neither done nor cancelled, in time or not, locked."""
    return await _CHANGES.one(connection, _LOCK_OPEN, person=person_id)


async def latest_of_people(
    connection: AsyncConnection, people: Sequence[UUID]
) -> dict[UUID, EmailChangeRecord]:
    """The last one of each who has asked for any."""
    rows = await _CHANGES.all(connection, _LATEST, ids=list(people))
    return {row.person_id: row for row in rows}
