"""`rejectBankAccount`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from finance.api.graphql import access
from finance.api.graphql.loaders import load_bank_account
from finance.api.graphql.types import BankAccount
from finance.domain.bank_application import Event
from finance.usecases.decide_bank_account import DecideBankAccountRefusal, decide_bank_account


@strawberry.type(description="The structure keeps the account it had, if any.")
class BankAccountRejected:
    bank_account: BankAccount


@strawberry.mutation(
    graphql_type=result_union("RejectBankAccountResult", BankAccountRejected, DecideBankAccountRefusal),
    description="Reject a submitted account. For finance.",
)
async def reject_bank_account(info: Info, id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = access.require_finance(info)
    account_id, now = uuid_of(id), info.context.now
    decided = await once(
        info,
        "rejectBankAccount",
        idempotency_key,
        {"id": account_id},
        lambda connection: decide_bank_account(
            connection, account_id, Event.REJECT, by=principal.person_id, now=now
        ),
    )
    if isinstance(decided, Refusal):
        return answer(decided)
    return BankAccountRejected(bank_account=BankAccount.of(await load_bank_account(info, decided)))
