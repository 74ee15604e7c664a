"""Finance accepts or rejects an account; the one accepted before is replaced."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from finance.domain.bank_application import Event, Status, move
from finance.domain.refusals import MoveNotAllowed
from finance.persistence import bank_accounts, states


class BankAccountUnknown(LookupError):
    """There is no such account."""


async def accept_bank_account(
    connection: AsyncConnection, account_id: UUID, *, by: UUID, now: datetime
) -> UUID | MoveNotAllowed:
    """Pay the structure on this account from the next close on. Raises BankAccountUnknown."""
    return await _decide(connection, account_id, Event.ACCEPT, by=by, now=now)


async def reject_bank_account(
    connection: AsyncConnection, account_id: UUID, *, by: UUID, now: datetime
) -> UUID | MoveNotAllowed:
    """Leave the structure with the account it had, if any. Raises BankAccountUnknown."""
    return await _decide(connection, account_id, Event.REJECT, by=by, now=now)


async def _decide(
    connection: AsyncConnection, account_id: UUID, event: Event, *, by: UUID, now: datetime
) -> UUID | MoveNotAllowed:
    known = await bank_accounts.find(connection, account_id)
    if known is None:
        raise BankAccountUnknown(account_id)
    # The structure first, then the account: two decisions for one structure never wait for each other.
    accepted = await bank_accounts.lock_accepted(connection, known.structure_id)
    account = await bank_accounts.lock(connection, account_id)
    assert account is not None
    to = move(Status(account.status), event)
    if isinstance(to, MoveNotAllowed):
        return to
    if to is Status.ACCEPTED and accepted is not None:
        replaced = await bank_accounts.move(connection, accepted.id, Status.REPLACED, by=by, at=now)
        await outbox.emit(connection, [states.bank_account(replaced)])
    row = await bank_accounts.move(connection, account_id, to, by=by, at=now)
    await outbox.emit(connection, [states.bank_account(row)])
    return account_id
