"""`acceptBankAccount`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal
from finance.api.graphql.mutations.decide_bank_account import decide
from finance.api.graphql.types import BankAccount
from finance.domain.refusals import MoveNotAllowed
from finance.usecases import decide_bank_account


@strawberry.type(description="The structure is paid on this account from the next close on.")
class BankAccountAccepted:
    bank_account: BankAccount


AcceptBankAccountResult = result_union("AcceptBankAccountResult", BankAccountAccepted, MoveNotAllowed)


@strawberry.mutation(
    graphql_type=AcceptBankAccountResult,
    description="Accept an account; the one accepted before is replaced. For finance.",
)
async def accept_bank_account(info: Info, id: strawberry.ID, idempotency_key: UUID) -> object:
    decided = await decide(
        info,
        id,
        idempotency_key,
        operation="acceptBankAccount",
        decision=decide_bank_account.accept_bank_account,
    )
    return answer(decided) if isinstance(decided, Refusal) else BankAccountAccepted(bank_account=decided)
