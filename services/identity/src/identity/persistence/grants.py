"""Statements on grants of credit."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Aggregates, grouped
from identity.domain.grants import GrantKind
from identity.persistence.records import GrantRecord
from identity.persistence.tables import grants

_GRANTS = Aggregates(grants, GrantRecord)
find, add, save, by_ids = _GRANTS.find, _GRANTS.add, _GRANTS.save, _GRANTS.by_ids

_OLDEST_FIRST = (grants.c.granted_at, grants.c.id)
_OF_PERSON = _GRANTS.select.where(grants.c.person_id == sa.bindparam("person")).order_by(*_OLDEST_FIRST)
_OF_PEOPLE = _GRANTS.select.where(grants.c.person_id.in_(sa.bindparam("ids", expanding=True))).order_by(
    *_OLDEST_FIRST
)
_HOLDERS = (
    sa.select(grants.c.person_id)
    .distinct()
    .where(
        grants.c.kind.in_(sa.bindparam("kinds", expanding=True)), grants.c.person_id > sa.bindparam("after")
    )
    .order_by(grants.c.person_id)
    .limit(500)
)
_NOBODY = UUID(int=0)


async def of_person(connection: AsyncConnection, person_id: UUID) -> list[GrantRecord]:
    """Every grant of a person, oldest first."""
    return await _GRANTS.all(connection, _OF_PERSON, person=person_id)


async def of_people(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[GrantRecord]]:
    return grouped(await _GRANTS.all(connection, _OF_PEOPLE, ids=list(ids)), "person_id")


async def holders(
    connection: AsyncConnection, kinds: Sequence[GrantKind], after: UUID | None
) -> Sequence[UUID]:
    """The next 500 people, by id, who hold or held a grant of these kinds."""
    rows = await connection.scalars(_HOLDERS, {"kinds": list(kinds), "after": after or _NOBODY})
    return rows.all()
