"""`rejectBankAccount`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal
from finance.api.graphql.mutations.decide_bank_account import decide
from finance.api.graphql.types import BankAccount
from finance.domain.refusals import MoveNotAllowed
from finance.usecases import decide_bank_account


@strawberry.type(description="The structure keeps the account it had, if any.")
class BankAccountRejected:
    bank_account: BankAccount


RejectBankAccountResult = result_union("RejectBankAccountResult", BankAccountRejected, MoveNotAllowed)


@strawberry.mutation(
    graphql_type=RejectBankAccountResult, description="Reject a submitted account. For finance."
)
async def reject_bank_account(info: Info, id: strawberry.ID, idempotency_key: UUID) -> object:
    decided = await decide(
        info,
        id,
        idempotency_key,
        operation="rejectBankAccount",
        decision=decide_bank_account.reject_bank_account,
    )
    return answer(decided) if isinstance(decided, Refusal) else BankAccountRejected(bank_account=decided)
