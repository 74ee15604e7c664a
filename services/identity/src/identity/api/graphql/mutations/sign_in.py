"""`signIn`"""

import strawberry

from chassis.graphql import ApiError, ErrorCode, Info, answer, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.types import Session
from identity.usecases.prove_password import ProvePasswordRefusal, TooManyAttempts
from identity.usecases.sign_in import sign_in

SignInResult = result_union("SignInResult", Session, ProvePasswordRefusal)


@strawberry.mutation(
    graphql_type=SignInResult,
    description=(
        "Open a session. Unknown addresses, wrong passwords, closed accounts and the team's, who have `signInStaff`, "
        "get one answer."
    ),
)
async def sign_in_mutation(info: Info, email: str, password: str) -> object:
    spend(info)
    context = info.context
    try:
        opened = await sign_in(context.runtime, email, password, context.client_address)
    except TooManyAttempts:
        raise ApiError(ErrorCode.TOO_MANY_REQUESTS, "Trop d’essais : réessayez dans une minute.") from None
    if isinstance(opened, Refusal):
        return answer(opened)
    context.subjects.append(opened.person.id)
    return Session.of(opened)
