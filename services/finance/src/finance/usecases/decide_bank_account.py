"""Finance decides on an account that a place submitted; one decision at a time for a structure."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from finance.domain.bank_application import Event, Status, move
from finance.domain.refusals import BankAccountNotFound, MoveNotAllowed, SecondPersonNeeded
from finance.messages.bank_account import bank_account
from finance.persistence import bank_accounts
from finance.persistence.records import BankAccountRecord

DecideBankAccountRefusal = BankAccountNotFound | SecondPersonNeeded | MoveNotAllowed


async def decide_bank_account(
    connection: AsyncConnection, account_id: UUID, event: Event, *, by: UUID, now: datetime
) -> BankAccountRecord | DecideBankAccountRefusal:
    """The account after `event`: accepted, it replaces the one accepted before; rejected, it changes nothing else.

    Whoever submitted it never decides on it.
    """
    known = await bank_accounts.find(connection, account_id)
    if known is None:
        return BankAccountNotFound()
    if known.submitted_by == by:
        return SecondPersonNeeded()
    # The structure first, then the account: two decisions for one structure never wait for each other.
    accepted = await bank_accounts.lock_accepted(connection, known.structure_id)
    account = await bank_accounts.lock(connection, account_id)
    assert account is not None
    to = move(Status(account.status), event)
    if isinstance(to, MoveNotAllowed):
        return to
    if to is Status.ACCEPTED and accepted is not None:
        replaced = await bank_accounts.move(connection, accepted.id, Status.REPLACED, by=by, at=now)
        await outbox.emit(connection, [bank_account(replaced)])
    decided = await bank_accounts.move(connection, account_id, to, by=by, at=now)
    await outbox.emit(connection, [bank_account(decided)])
    return decided
