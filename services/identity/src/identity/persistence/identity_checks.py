"""Statements on identity checks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.cursors import Window
from chassis.kept import Aggregates
from chassis.keyset import Order, windowed
from identity.domain.file_steps import CheckStatus
from identity.persistence.records import IdentityCheckRecord
from identity.persistence.tables import grants, identity_checks

_CHECKS = Aggregates(identity_checks, IdentityCheckRecord)
save, by_ids = _CHECKS.save, _CHECKS.by_ids

_ADD = _CHECKS.insert.on_conflict_do_nothing(
    index_elements=[identity_checks.c.person_id],
    index_where=sa.literal_column("status") == sa.literal_column("'pending'"),
)
_LATEST = (
    _CHECKS.select.where(identity_checks.c.person_id == sa.bindparam("person"))
    .order_by(identity_checks.c.id.desc())
    .limit(1)
)
_LATEST_OF_PEOPLE = (
    _CHECKS.select.ext(pg.distinct_on(identity_checks.c.person_id))
    .where(identity_checks.c.person_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(identity_checks.c.person_id, identity_checks.c.id.desc())
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
_PENDING = _CHECKS.select.where(identity_checks.c.status == CheckStatus.PENDING)
_SAME_DOCUMENT = (
    sa.select(sa.literal(1))
    .where(
        identity_checks.c.status == CheckStatus.ACCEPTED,
        identity_checks.c.person_id != sa.bindparam("person"),
        identity_checks.c.document_digests.op("&&")(
            sa.bindparam("digests", type_=identity_checks.c.document_digests.type)
        ),
    )
    .limit(1)
)
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('identity: one acceptance at a time'))")


async def add(connection: AsyncConnection, check: IdentityCheckRecord) -> bool:
    """False when one is pending already."""
    return await _CHECKS.add(connection, check, _ADD)


async def latest(connection: AsyncConnection, person_id: UUID) -> IdentityCheckRecord | None:
    return await _CHECKS.one(connection, _LATEST, person=person_id)


async def latest_of_people(
    connection: AsyncConnection, ids: Sequence[UUID]
) -> dict[UUID, IdentityCheckRecord]:
    rows = await _CHECKS.all(connection, _LATEST_OF_PEOPLE, ids=list(ids))
    return {row.person_id: row for row in rows}


async def file_opened_at(connection: AsyncConnection, person_id: UUID) -> datetime | None:
    """First step of the person's present file: the first check handed in since the last grant."""
    opened_at: datetime | None = await connection.scalar(_OPENED_AT, {"person": person_id})
    return opened_at


async def pending_page(connection: AsyncConnection, window: Window) -> Sequence[IdentityCheckRecord]:
    """Identity checks that wait for a decision, oldest first."""
    return await _CHECKS.all(connection, windowed(_PENDING, window, Order(identity_checks.c.id)))


async def document_is_taken(connection: AsyncConnection, person_id: UUID, digests: tuple[bytes, ...]) -> bool:
    """Did this document open somebody else's credit? `digests` by every key of the day it was handed in."""
    return await connection.scalar(_SAME_DOCUMENT, {"person": person_id, "digests": digests}) is not None


async def one_at_a_time(connection: AsyncConnection) -> None:
    """No other check is accepted until the end of this transaction.

    The constraints see two acceptances at once with digests of one key; while the digest key is
    changed, two files of one person may have digests of different ones.
    """
    await connection.execute(_ONE_AT_A_TIME)
