"""`reactivateAccount`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, done_before, once, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.mutations._tried_too_often import PASSWORDS, tried_too_often
from identity.domain.contact import normalise_email
from identity.usecases.prove_password import ProvePasswordRefusal, prove_password
from identity.usecases.reactivate_account import ReactivateAccountRefusal, reactivate_account


@strawberry.type(description="The account is active again: sign in.")
class AccountReactivated:
    done: bool = strawberry.field(description="Always true.")


ReactivateAccountResult = result_union(
    "ReactivateAccountResult", AccountReactivated, ReactivateAccountRefusal, ProvePasswordRefusal
)


@strawberry.mutation(
    graphql_type=ReactivateAccountResult,
    description="Come back, by one's password, to an account that one has left (`ACCOUNT_IS_DEACTIVATED`).",
)
async def reactivate_account_mutation(info: Info, email: str, password: str, idempotency_key: UUID) -> object:
    spend(info)
    context, runtime = info.context, info.context.runtime
    request = {"email": normalise_email(email), "password": password}
    if await done_before(info, "reactivateAccount", idempotency_key, request):
        return AccountReactivated(done=True)
    with tried_too_often(PASSWORDS):
        proved = await prove_password(runtime, email, password, context.client_address, coming_back=True)
    if isinstance(proved, Refusal):
        return answer(proved)
    context.subjects.append(proved.id)
    done = await once(
        info,
        "reactivateAccount",
        idempotency_key,
        request,
        lambda connection: reactivate_account(connection, proved, runtime.clock.now(), runtime.sealer),
    )
    return answer(done) if isinstance(done, Refusal) else AccountReactivated(done=True)
