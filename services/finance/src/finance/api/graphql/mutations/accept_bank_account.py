"""`acceptBankAccount`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from finance.api.graphql import access
from finance.api.graphql.loaders import load_bank_account
from finance.api.graphql.types import BankAccount
from finance.domain.bank_application import Event
from finance.usecases.decide_bank_account import DecideBankAccountRefusal, decide_bank_account


@strawberry.type(description="The structure is paid on this account from the next close on.")
class BankAccountAccepted:
    bank_account: BankAccount


@strawberry.mutation(
    graphql_type=result_union("AcceptBankAccountResult", BankAccountAccepted, DecideBankAccountRefusal),
    description="Accept an account; the one accepted before is replaced. For finance.",
)
async def accept_bank_account(info: Info, id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = access.require_finance(info)
    account_id, now = uuid_of(id), info.context.now
    decided = await once(
        info,
        "acceptBankAccount",
        idempotency_key,
        {"id": account_id},
        lambda connection: decide_bank_account(
            connection, account_id, Event.ACCEPT, by=principal.person_id, now=now
        ),
    )
    if isinstance(decided, Refusal):
        return answer(decided)
    return BankAccountAccepted(bank_account=BankAccount.of(await load_bank_account(info, decided)))
