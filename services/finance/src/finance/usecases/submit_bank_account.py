"""A place gives the account it wants to be paid on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.ids import new_id
from finance.domain import bank_details
from finance.domain.bank_application import Status
from finance.domain.bank_details import BankDetails
from finance.domain.refusals import (
    BicOfAnotherCountry,
    IbanOutsideSepa,
    InvalidBic,
    InvalidIban,
    StructureNotOpen,
)
from finance.domain.structures import check_open
from finance.messages.bank_account import bank_account
from finance.persistence import bank_accounts, copies
from finance.persistence.records import BankAccountRecord

SubmitBankAccountRefusal = StructureNotOpen | InvalidIban | IbanOutsideSepa | InvalidBic | BicOfAnotherCountry


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
) -> BankAccountRecord | SubmitBankAccountRefusal:
    """The submitted account, which finance will accept or reject.

    A structure that finance has not heard of yet is as open as its people's tokens say.
    """
    structure = await copies.share_structure(connection, submission.structure_id)
    if structure is not None:
        not_open = check_open(structure.may_enter_bank_details, structure.status)
        if not_open is not None:
            return not_open
    details = bank_details.check(submission.iban, submission.bic)
    if not isinstance(details, BankDetails):
        return details
    account = BankAccountRecord(
        id=new_id(),
        version=1,
        structure_id=submission.structure_id,
        label=submission.label,
        iban=details.iban,
        bic=details.bic,
        status=Status.SUBMITTED,
        submitted_by=submission.by,
        submitted_at=now,
    )
    await bank_accounts.add(connection, account)
    await outbox.emit(connection, [bank_account(account)])
    return account
