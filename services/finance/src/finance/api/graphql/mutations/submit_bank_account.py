"""`submitBankAccount`"""

from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql import ApiError, ErrorCode, Info, answer, result_union
from chassis.idempotency import once
from chassis.refusals import Refusal
from finance.api.graphql import access
from finance.api.graphql.identifiers import uuid_of
from finance.api.graphql.loaders import load_bank_account
from finance.api.graphql.types import BankAccount
from finance.domain.refusals import IbanOutsideSepa, InvalidBic, InvalidIban
from finance.usecases.submit_bank_account import Submission
from finance.usecases.submit_bank_account import submit_bank_account as submit

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


SubmitBankAccountResult = result_union(
    "SubmitBankAccountResult", BankAccountSubmitted, InvalidIban, IbanOutsideSepa, InvalidBic
)


@strawberry.mutation(
    graphql_type=SubmitBankAccountResult, description="Submit an account, as a pro of the structure."
)
async def submit_bank_account(info: Info, input: SubmitBankAccountInput, idempotency_key: UUID) -> object:
    structure_id = uuid_of(input.structure_id)
    principal = access.require_pro_of(structure_id, info)
    label = input.label.strip()
    if not 1 <= len(label) <= _LABEL_LIMIT:
        raise ApiError(ErrorCode.BAD_INPUT, f"Nommez ce compte en {_LABEL_LIMIT} caractères au plus.")
    submission = Submission(structure_id, label, input.iban, input.bic, by=principal.person_id)

    async def work(connection: AsyncConnection) -> dict[str, Any] | Refusal:
        async def effect() -> dict[str, Any] | Refusal:
            submitted = await submit(connection, submission, info.context.now)
            return submitted if isinstance(submitted, Refusal) else {"id": str(submitted)}

        return await once(
            connection,
            actor=principal.person_id,
            key=idempotency_key,
            operation="submitBankAccount",
            request={
                "structure_id": structure_id,
                "label": label,
                "iban": input.iban,
                "bic": input.bic,
            },
            work=effect,
        )

    result = await info.context.db.run(work)
    if isinstance(result, Refusal):
        return answer(result)
    row = await load_bank_account(info, UUID(result["id"]))
    return BankAccountSubmitted(bank_account=BankAccount.of(row))
