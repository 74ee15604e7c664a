"""Bank accounts of structures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.bank_application import Status
from finance.domain.bank_details import BankDetails
from finance.persistence.rows import AnyRow
from finance.persistence.tables import bank_accounts

_a = bank_accounts.c

_INSERT = sa.insert(bank_accounts).returning(bank_accounts)
_LOCK = sa.select(bank_accounts).where(_a.id == sa.bindparam("id")).with_for_update()
_LOCK_STRUCTURE = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:structure_id AS text), 0))")
_ACCEPTED_OF = (
    sa.select(bank_accounts)
    .where(_a.structure_id == sa.bindparam("structure_id"), _a.status == Status.ACCEPTED)
    .with_for_update()
)
_MOVE = (
    sa.update(bank_accounts)
    .where(_a.id == sa.bindparam("account_id"))
    .values(
        version=_a.version + 1,
        status=sa.bindparam("to"),
        decided_by=sa.bindparam("by"),
        decided_at=sa.bindparam("at"),
        changed_at=sa.func.now(),
    )
    .returning(bank_accounts)
)
_OF_STRUCTURE = (
    sa.select(bank_accounts).where(_a.structure_id == sa.bindparam("structure_id")).order_by(_a.id.desc())
)
_BY_ID = sa.select(bank_accounts).where(_a.id == sa.bindparam("id"))
_PAGE = (
    sa.select(bank_accounts)
    .where(
        sa.or_(sa.bindparam("after", type_=sa.Uuid).is_(None), _a.id > sa.bindparam("after")),
        sa.or_(
            sa.bindparam("since", type_=sa.DateTime(timezone=True)).is_(None),
            _a.changed_at >= sa.bindparam("since"),
        ),
    )
    .order_by(_a.id)
    .limit(sa.bindparam("limit"))
    .with_for_update(read=True)
)


async def submit(
    connection: AsyncConnection,
    *,
    account_id: UUID,
    structure_id: UUID,
    label: str,
    details: BankDetails,
    by: UUID,
    at: datetime,
) -> AnyRow:
    submitted: AnyRow = (
        await connection.execute(
            _INSERT,
            {
                "id": account_id,
                "version": 1,
                "structure_id": structure_id,
                "label": label,
                "iban": details.iban,
                "bic": details.bic,
                "status": Status.SUBMITTED,
                "submitted_by": by,
                "submitted_at": at,
            },
        )
    ).one()
    return submitted


async def lock(connection: AsyncConnection, account_id: UUID) -> AnyRow | None:
    """The account, locked until the transaction ends; None when there is none."""
    return (await connection.execute(_LOCK, {"id": account_id})).one_or_none()


async def lock_accepted(connection: AsyncConnection, structure_id: UUID) -> AnyRow | None:
    """The structure's accepted account, locked. One decision at a time is taken for a structure."""
    await connection.execute(_LOCK_STRUCTURE, {"structure_id": str(structure_id)})
    return (await connection.execute(_ACCEPTED_OF, {"structure_id": structure_id})).one_or_none()


async def move(
    connection: AsyncConnection, account_id: UUID, to: Status, *, by: UUID, at: datetime
) -> AnyRow:
    """The account after the move. Lock it first."""
    values = {"account_id": account_id, "to": to, "by": by, "at": at}
    moved: AnyRow = (await connection.execute(_MOVE, values)).one()
    return moved


async def find(connection: AsyncConnection, account_id: UUID) -> AnyRow | None:
    return (await connection.execute(_BY_ID, {"id": account_id})).one_or_none()


async def of_structure(connection: AsyncConnection, structure_id: UUID) -> Sequence[AnyRow]:
    """Newest first."""
    return (await connection.execute(_OF_STRUCTURE, {"structure_id": structure_id})).all()


async def page_for_share(
    connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
) -> Sequence[AnyRow]:
    return (await connection.execute(_PAGE, {"after": after, "since": since, "limit": limit})).all()
