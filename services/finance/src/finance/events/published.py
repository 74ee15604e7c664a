"""The topics finance owns, each told again from its own table."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.outbox import Event, Published
from finance.persistence import bank_accounts, pricings, states


async def _read_reimbursements(
    connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
) -> Sequence[Event]:
    rows = await pricings.page_for_share(connection, after, since, limit)
    return [states.reimbursement(row) for row in rows]


async def _read_bank_accounts(
    connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
) -> Sequence[Event]:
    rows = await bank_accounts.page_for_share(connection, after, since, limit)
    return [states.bank_account(row) for row in rows]


PUBLISHED = (
    Published(states.REIMBURSEMENTS, _read_reimbursements),
    Published(states.BANK_ACCOUNTS, _read_bank_accounts),
)
