"""Statements on identity checks."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from identity.persistence.tables import grants, identity_checks

_INSERT = (
    pg.insert(identity_checks)
    .on_conflict_do_nothing(
        index_elements=[identity_checks.c.person_id],
        index_where=identity_checks.c.status == sa.literal_column("'pending'"),
    )
    .returning(identity_checks)
)
_LATEST = (
    sa.select(identity_checks)
    .where(identity_checks.c.person_id == sa.bindparam("person"))
    .order_by(identity_checks.c.id.desc())
    .limit(1)
)
_OPENED_AT = sa.select(sa.func.min(identity_checks.c.submitted_at)).where(
    identity_checks.c.person_id == sa.bindparam("person"),
    identity_checks.c.submitted_at
    > sa.func.coalesce(
        sa.select(sa.func.max(grants.c.granted_at))
        .where(grants.c.person_id == sa.bindparam("person"))
        .scalar_subquery(),
        sa.literal_column("timestamptz '-infinity'"),
    ),
)
_DECIDE = (
    sa.update(identity_checks)
    .where(identity_checks.c.id == sa.bindparam("check_id"))
    .values(status=sa.bindparam("new_status"), decided_at=sa.bindparam("at"))
    .returning(identity_checks)
)


async def add(connection: AsyncConnection, **values: Any) -> sa.Row[Any] | None:
    """A new pending check; None when one is pending already."""
    row: sa.Row[Any] | None = (await connection.execute(_INSERT, values)).one_or_none()
    return row


async def latest(connection: AsyncConnection, person_id: UUID) -> sa.Row[Any] | None:
    return (await connection.execute(_LATEST, {"person": person_id})).one_or_none()


async def file_opened_at(connection: AsyncConnection, person_id: UUID) -> datetime | None:
    """First step of the person's present file: the first check handed in since the last grant."""
    opened_at: datetime | None = await connection.scalar(_OPENED_AT, {"person": person_id})
    return opened_at


async def decide(connection: AsyncConnection, check_id: UUID, status: str, now: datetime) -> sa.Row[Any]:
    decided = await connection.execute(_DECIDE, {"check_id": check_id, "new_status": status, "at": now})
    row: sa.Row[Any] = decided.one()
    return row
