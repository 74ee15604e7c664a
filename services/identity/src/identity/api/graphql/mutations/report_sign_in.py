"""`reportSignIn`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_place, once, result_union, spend
from chassis.refusals import Refusal
from identity.usecases.report_sign_in import ReportSignInRefusal, report_sign_in


@strawberry.type(
    description="The account sleeps: no session, no link and no password of it is good any more."
)
class SignInReported:
    done: bool = strawberry.field(description="Always true.")


ReportSignInResult = result_union("ReportSignInResult", SignInReported, ReportSignInRefusal)


@strawberry.mutation(
    graphql_type=ReportSignInResult,
    description=(
        "Say, with the token of the mailed link, that a sign-in was not oneself: within seven days. The account sleeps "
        "until the team gives it back."
    ),
)
async def report_sign_in_mutation(info: Info, token: str, idempotency_key: UUID) -> object:
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    await count_place(info, "reported-sign-in", runtime.settings.sign_in_attempts_per_place_per_minute)
    done = await once(
        info,
        "reportSignIn",
        idempotency_key,
        {"token": token},
        lambda connection: report_sign_in(connection, token, wall_now, runtime.sealer),
    )
    return answer(done) if isinstance(done, Refusal) else SignInReported(done=True)
