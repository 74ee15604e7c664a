"""What the fields read; asked for one by one, things of one kind are read together."""

from collections.abc import Sequence
from uuid import UUID

from chassis.cursors import Window
from chassis.graphql import Info, load
from finance.persistence import bank_accounts, batches, reimbursements
from finance.persistence.records import BankAccountRecord, BatchRecord, ReimbursementRecord, SepaFileRecord
from finance.usecases.estimate_awaiting import Awaiting, estimate_awaiting


async def find_reimbursement(info: Info, id_: UUID) -> ReimbursementRecord | None:
    """By its own id, whoever's it is."""
    return await load(info, reimbursements.by_ids, id_)


async def load_reimbursement(info: Info, booking_id: UUID) -> ReimbursementRecord | None:
    """The pricing of a booking that holds, whoever's it is."""
    return await load(info, reimbursements.reimbursements_of_bookings, booking_id)


async def load_reimbursements_of(
    info: Info, structure_id: UUID, asked: Window
) -> Sequence[ReimbursementRecord]:
    """Newest first, one more than the page holds."""
    async with info.context.db.read() as connection:
        return await reimbursements.reimbursements_of_structure(connection, structure_id, asked)


async def load_bank_account(info: Info, account_id: UUID) -> BankAccountRecord:
    """An account that exists, whoever's it is."""
    account = await find_bank_account(info, account_id)
    assert account is not None
    return account


async def find_bank_account(info: Info, account_id: UUID) -> BankAccountRecord | None:
    """Whoever's it is."""
    return await load(info, bank_accounts.by_ids, account_id)


async def load_bank_accounts_of(info: Info, structure_id: UUID) -> Sequence[BankAccountRecord]:
    """Newest first."""
    async with info.context.db.read() as connection:
        return await bank_accounts.of_structure(connection, structure_id)


async def load_batch(info: Info, batch_id: UUID) -> BatchRecord:
    """A batch that exists."""
    batch = await find_batch(info, batch_id)
    assert batch is not None
    return batch


async def find_batch(info: Info, batch_id: UUID) -> BatchRecord | None:
    return await load(info, batches.by_ids, batch_id)


async def load_sepa_file(info: Info, batch_id: UUID) -> SepaFileRecord | None:
    """None when the batch paid nobody."""
    async with info.context.db.read() as connection:
        return await batches.find_file(connection, batch_id)


async def load_awaiting(info: Info, structure_id: UUID) -> Awaiting:
    async with info.context.db.read() as connection:
        return await estimate_awaiting(connection, structure_id)
