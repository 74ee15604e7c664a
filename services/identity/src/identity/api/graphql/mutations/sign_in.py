"""`signIn`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.mutations._tried_too_often import PASSWORDS, tried_too_often
from identity.api.graphql.types import Session
from identity.usecases.prove_password import ProvePasswordRefusal
from identity.usecases.sign_in import sign_in

SignInResult = result_union("SignInResult", Session, ProvePasswordRefusal)


@strawberry.mutation(
    graphql_type=SignInResult,
    description=(
        "Open a session. Unknown addresses, wrong passwords, closed accounts and the team's, who have `signInStaff`, "
        "get one answer. By a device that is new, the owner is asked by mail whether it was them."
    ),
)
async def sign_in_mutation(info: Info, email: str, password: str, device_id: UUID | None = None) -> object:
    spend(info)
    context = info.context
    with tried_too_often(PASSWORDS):
        opened = await sign_in(context.runtime, email, password, context.client_address, device_id)
    if isinstance(opened, Refusal):
        return answer(opened)
    context.subjects.append(opened.person.id)
    return Session.of(opened)
