"""`applyEmailChange`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_place, once, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.types import EmailChangeMoved
from identity.domain.email_changes import EmailChangeStatus
from identity.usecases.apply_email_change import ApplyEmailChangeRefusal, apply_email_change

ApplyEmailChangeResult = result_union("ApplyEmailChangeResult", EmailChangeMoved, ApplyEmailChangeRefusal)


@strawberry.mutation(
    graphql_type=ApplyEmailChangeResult,
    description=(
        "Prove the new mailbox with the token of the link mailed there: it is the account's address from now on. Other "
        "sessions end, and the old mailbox is told."
    ),
)
async def apply_email_change_mutation(info: Info, token: str, idempotency_key: UUID) -> object:
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    await count_place(info, "email-change", runtime.settings.sign_in_attempts_per_place_per_minute)
    done = await once(
        info,
        "applyEmailChange",
        idempotency_key,
        {"token": token},
        lambda connection: apply_email_change(connection, token, wall_now, runtime.sealer),
    )
    return answer(done) if isinstance(done, Refusal) else EmailChangeMoved(status=EmailChangeStatus.APPLIED)
