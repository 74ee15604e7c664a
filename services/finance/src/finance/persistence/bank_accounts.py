"""Bank accounts of structures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.records import columns, each_as, parameters
from finance.domain.bank_application import Status
from finance.persistence.records import BankAccountRecord
from finance.persistence.tables import bank_accounts

_a = bank_accounts.c
_COLUMNS = columns(bank_accounts, BankAccountRecord)

SELECT: Final = sa.select(*_COLUMNS)
"""Accounts, as `BankAccountRecord(*row)`."""

_INSERT = sa.insert(bank_accounts)
_LOCK = SELECT.where(_a.id == sa.bindparam("id")).with_for_update()
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
    .returning(*_COLUMNS)
)
_OF_STRUCTURE = SELECT.where(_a.structure_id == sa.bindparam("structure_id")).order_by(_a.id.desc())
_BY_IDS = SELECT.where(_a.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))


async def add(connection: AsyncConnection, account: BankAccountRecord) -> None:
    await connection.execute(_INSERT, parameters(account))


async def lock(connection: AsyncConnection, account_id: UUID) -> BankAccountRecord | None:
    """The account, locked until the transaction ends; None when there is none."""
    row = (await connection.execute(_LOCK, {"id": account_id})).one_or_none()
    return None if row is None else BankAccountRecord(*row)


async def lock_accepted(connection: AsyncConnection, structure_id: UUID) -> BankAccountRecord | None:
    """The structure's accepted account, locked. One decision at a time is taken for a structure."""
    await connection.execute(_LOCK_STRUCTURE, {"structure_id": str(structure_id)})
    row = (await connection.execute(_ACCEPTED_OF, {"structure_id": structure_id})).one_or_none()
    return None if row is None else BankAccountRecord(*row)


async def move(
    connection: AsyncConnection, account_id: UUID, to: Status, *, by: UUID, at: datetime
) -> BankAccountRecord:
    """The account after the move. Lock it first."""
    values = {"account_id": account_id, "to": to, "by": by, "at": at}
    return BankAccountRecord(*(await connection.execute(_MOVE, values)).one())


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, BankAccountRecord]:
    rows = await connection.execute(_BY_IDS, {"ids": list(ids)})
    return {account.id: account for account in each_as(BankAccountRecord, rows)}


async def find(connection: AsyncConnection, account_id: UUID) -> BankAccountRecord | None:
    return (await by_ids(connection, [account_id])).get(account_id)


async def of_structure(connection: AsyncConnection, structure_id: UUID) -> list[BankAccountRecord]:
    """Newest first."""
    return each_as(BankAccountRecord, await connection.execute(_OF_STRUCTURE, {"structure_id": structure_id}))
