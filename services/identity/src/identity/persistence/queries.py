"""What the subgraph reads: by keys for the loaders, by pages for the lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from identity.persistence.tables import attachments, grants, identity_checks, persons, structures

_KEYS: sa.BindParameter[Any] = sa.bindparam("keys", expanding=True)
_PERSONS = sa.select(persons).where(persons.c.id.in_(_KEYS))
_STRUCTURES = sa.select(structures).where(structures.c.id.in_(_KEYS))
_ATTACHMENTS = sa.select(attachments).where(attachments.c.id.in_(_KEYS))
_GRANTS_OF = sa.select(grants).where(grants.c.person_id.in_(_KEYS)).order_by(grants.c.granted_at, grants.c.id)
_ATTACHMENTS_OF_PERSON = (
    sa.select(attachments).where(attachments.c.person_id.in_(_KEYS)).order_by(attachments.c.id)
)
_ATTACHMENTS_OF_STRUCTURE = (
    sa.select(attachments).where(attachments.c.structure_id.in_(_KEYS)).order_by(attachments.c.id)
)
_LATEST_CHECKS = (
    sa.select(identity_checks)
    .ext(pg.distinct_on(identity_checks.c.person_id))
    .where(identity_checks.c.person_id.in_(_KEYS))
    .order_by(identity_checks.c.person_id, identity_checks.c.id.desc())
)
_FIRST = UUID(int=0)


async def _by_keys(
    connection: AsyncConnection, statement: Any, keys: Sequence[UUID]
) -> Sequence[sa.Row[Any]]:
    return (await connection.execute(statement, {"keys": list(keys)})).all()


async def persons_by_id(connection: AsyncConnection, keys: Sequence[UUID]) -> Sequence[sa.Row[Any]]:
    return await _by_keys(connection, _PERSONS, keys)


async def structures_by_id(connection: AsyncConnection, keys: Sequence[UUID]) -> Sequence[sa.Row[Any]]:
    return await _by_keys(connection, _STRUCTURES, keys)


async def attachments_by_id(connection: AsyncConnection, keys: Sequence[UUID]) -> Sequence[sa.Row[Any]]:
    return await _by_keys(connection, _ATTACHMENTS, keys)


async def grants_of_persons(connection: AsyncConnection, keys: Sequence[UUID]) -> Sequence[sa.Row[Any]]:
    return await _by_keys(connection, _GRANTS_OF, keys)


async def attachments_of_persons(connection: AsyncConnection, keys: Sequence[UUID]) -> Sequence[sa.Row[Any]]:
    return await _by_keys(connection, _ATTACHMENTS_OF_PERSON, keys)


async def attachments_of_structures(
    connection: AsyncConnection, keys: Sequence[UUID]
) -> Sequence[sa.Row[Any]]:
    return await _by_keys(connection, _ATTACHMENTS_OF_STRUCTURE, keys)


async def latest_checks_of_persons(
    connection: AsyncConnection, keys: Sequence[UUID]
) -> Sequence[sa.Row[Any]]:
    return await _by_keys(connection, _LATEST_CHECKS, keys)


async def structures_page(
    connection: AsyncConnection,
    *,
    member_id: UUID | None,
    status: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[sa.Row[Any]]:
    """Structures, newest first; of one member's validated attachments only when `member_id` is given."""
    statement = sa.select(structures).order_by(structures.c.id.desc()).limit(limit)
    if member_id is not None:
        statement = statement.join(attachments, attachments.c.structure_id == structures.c.id).where(
            attachments.c.person_id == member_id, attachments.c.status == "validated"
        )
    if status is not None:
        statement = statement.where(structures.c.status == status)
    if after is not None:
        statement = statement.where(structures.c.id < after)
    return (await connection.execute(statement)).all()


async def pending_checks_page(
    connection: AsyncConnection, *, after: UUID | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """Identity checks that wait for a decision, oldest first."""
    statement = (
        sa.select(identity_checks)
        .where(identity_checks.c.status == "pending", identity_checks.c.id > (after or _FIRST))
        .order_by(identity_checks.c.id)
        .limit(limit)
    )
    return (await connection.execute(statement)).all()


async def page_for_republish(
    connection: AsyncConnection, table: sa.Table, after: UUID | None, since: datetime | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """The next rows by id, share-locked so that nothing newer is told before them."""
    statement = (
        sa.select(table).where(table.c.id > (after or _FIRST)).order_by(table.c.id).limit(limit)
    ).with_for_update(read=True)
    if since is not None:
        statement = statement.where(table.c.changed_at >= since)
    return (await connection.execute(statement)).all()
