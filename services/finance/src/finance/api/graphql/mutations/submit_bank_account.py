"""`submitBankAccount`"""

from uuid import UUID

import strawberry

from chassis.graphql import ApiError, ErrorCode, Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from chassis.text import one_line
from finance.api.graphql import access
from finance.api.graphql.loaders import load_bank_account
from finance.api.graphql.types import BankAccount
from finance.usecases import submit_bank_account as usecase
from finance.usecases.submit_bank_account import Submission, SubmitBankAccountRefusal

_LABEL_LIMIT = 100


@strawberry.input(description="The account a structure wants to be paid on.")
class SubmitBankAccountInput:
    structure_id: strawberry.ID
    label: str = strawberry.field(description="How the structure calls it.")
    iban: str
    bic: str


@strawberry.type(description="The account was submitted; finance will accept or reject it.")
class BankAccountSubmitted:
    bank_account: BankAccount


@strawberry.mutation(
    graphql_type=result_union("SubmitBankAccountResult", BankAccountSubmitted, SubmitBankAccountRefusal),
    description="Submit an account, as a pro of the structure.",
)
async def submit_bank_account(info: Info, input: SubmitBankAccountInput, idempotency_key: UUID) -> object:
    structure_id = uuid_of(input.structure_id)
    principal = access.require_pro_of(structure_id, info)
    label = one_line(input.label)
    if not 1 <= len(label) <= _LABEL_LIMIT:
        raise ApiError(ErrorCode.BAD_INPUT, f"Nommez ce compte en {_LABEL_LIMIT} caractères au plus.")
    submission = Submission(structure_id, label, input.iban, input.bic, by=principal.person_id)

    now = info.context.now
    submitted = await once(
        info,
        "submitBankAccount",
        idempotency_key,
        input,
        lambda connection: usecase.submit_bank_account(connection, submission, now),
    )
    if isinstance(submitted, Refusal):
        return answer(submitted)
    return BankAccountSubmitted(bank_account=BankAccount.of(await load_bank_account(info, submitted)))
