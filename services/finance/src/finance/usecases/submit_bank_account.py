"""A place gives the account it wants to be paid on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.ids import new_id
from finance.domain import bank_details
from finance.domain.bank_details import BankDetails
from finance.domain.refusals import IbanOutsideSepa, InvalidBic, InvalidIban
from finance.persistence import bank_accounts, states

Refused = InvalidIban | IbanOutsideSepa | InvalidBic


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """What the place typed, and who typed it. Has no repr: it holds an IBAN."""

    structure_id: UUID
    label: str
    iban: str
    bic: str
    by: UUID


async def submit_bank_account(
    connection: AsyncConnection, submission: Submission, now: datetime
) -> UUID | Refused:
    """The id of the submitted account, which finance will accept or reject."""
    details = bank_details.check(submission.iban, submission.bic)
    if not isinstance(details, BankDetails):
        return details
    row = await bank_accounts.submit(
        connection,
        account_id=new_id(),
        structure_id=submission.structure_id,
        label=submission.label,
        details=details,
        by=submission.by,
        at=now,
    )
    await outbox.emit(connection, [states.bank_account(row)])
    account_id: UUID = row.id
    return account_id
