"""Bank accounts of structures."""

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Aggregates
from finance.domain.bank_application import Status
from finance.persistence.records import BankAccountRecord
from finance.persistence.tables import bank_accounts

_a = bank_accounts.c
_ACCOUNTS = Aggregates(bank_accounts, BankAccountRecord)
add, find, lock, by_ids = _ACCOUNTS.add, _ACCOUNTS.find, _ACCOUNTS.lock, _ACCOUNTS.by_ids

SELECT: Final = _ACCOUNTS.select
"""Accounts, as `BankAccountRecord(*row)`."""

_LOCK_STRUCTURE = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:structure_id AS text), 0))")
_ACCEPTED_OF = SELECT.where(
    _a.structure_id == sa.bindparam("structure_id"), _a.status == Status.ACCEPTED
).with_for_update()
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
    .returning(*_ACCOUNTS.columns)
)
_OF_STRUCTURE = SELECT.where(_a.structure_id == sa.bindparam("structure_id")).order_by(_a.id.desc())


async def lock_accepted(connection: AsyncConnection, structure_id: UUID) -> BankAccountRecord | None:
    """The structure's accepted account, locked. One decision at a time is taken for a structure."""
    await connection.execute(_LOCK_STRUCTURE, {"structure_id": str(structure_id)})
    return await _ACCOUNTS.one(connection, _ACCEPTED_OF, structure_id=structure_id)


async def move(
    connection: AsyncConnection, account_id: UUID, to: Status, *, by: UUID, at: datetime
) -> BankAccountRecord:
    """The account after the move. Lock it first."""
    moved = await _ACCOUNTS.one(connection, _MOVE, account_id=account_id, to=to, by=by, at=at)
    assert moved is not None, "a locked row is there"
    return moved


async def of_structure(connection: AsyncConnection, structure_id: UUID) -> list[BankAccountRecord]:
    """Newest first."""
    return await _ACCOUNTS.all(connection, _OF_STRUCTURE, structure_id=structure_id)
