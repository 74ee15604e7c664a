"""Statements on grants of credit."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from identity.domain.grants import Grant, GrantKind, TopUpKind, caps_of
from identity.persistence.changing import change
from identity.persistence.tables import grants

_OF_PERSON = (
    sa.select(grants)
    .where(grants.c.person_id == sa.bindparam("person"))
    .order_by(grants.c.granted_at, grants.c.id)
)
_INSERT = sa.insert(grants).returning(grants)
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


def grant_of(row: sa.Row[Any]) -> Grant:
    return Grant(
        kind=GrantKind(row.kind),
        amount_cents=row.amount_cents,
        granted_at=row.granted_at,
        expires_at=row.expires_at,
        top_ups=tuple(map(TopUpKind, row.top_ups)),
    )


async def rows_of(connection: AsyncConnection, person_id: UUID) -> Sequence[sa.Row[Any]]:
    """Every grant of a person, oldest first."""
    return (await connection.execute(_OF_PERSON, {"person": person_id})).all()


async def add(
    connection: AsyncConnection, person_id: UUID, department: str | None, grant: Grant, replaces: UUID | None
) -> sa.Row[Any]:
    """Write a new grant with the caps of its date and of the person's département."""
    digital, physical = caps_of(grant.kind, grant.granted_at, department)
    values = {
        "id": new_id(),
        "person_id": person_id,
        "kind": grant.kind,
        "family": grant.family,
        "amount_cents": grant.amount_cents,
        "digital_cap_cents": digital,
        "physical_cap_cents": physical,
        "granted_at": grant.granted_at,
        "expires_at": grant.expires_at,
        "top_ups": list(grant.top_ups),
        "replaces_grant_id": replaces,
    }
    row: sa.Row[Any] = (await connection.execute(_INSERT, values)).one()
    return row


async def save(connection: AsyncConnection, grant_id: UUID, grant: Grant) -> sa.Row[Any]:
    """Write what may change in a grant: its amount, its top-ups, its end."""
    return await change(
        connection,
        grants,
        grant_id,
        amount_cents=grant.amount_cents,
        top_ups=list(grant.top_ups),
        expires_at=grant.expires_at,
    )


async def holders(
    connection: AsyncConnection, kinds: Sequence[GrantKind], after: UUID | None
) -> Sequence[UUID]:
    """The next 500 people, by id, who hold or held a grant of these kinds."""
    rows = await connection.scalars(_HOLDERS, {"kinds": list(kinds), "after": after or _NOBODY})
    return rows.all()
