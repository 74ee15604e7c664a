"""`confirmEmailChange`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_place, once, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.types import EmailChangeMoved
from identity.domain.email_changes import EmailChangeStatus
from identity.usecases.confirm_email_change import ConfirmEmailChangeRefusal, confirm_email_change

ConfirmEmailChangeResult = result_union(
    "ConfirmEmailChangeResult", EmailChangeMoved, ConfirmEmailChangeRefusal
)


@strawberry.mutation(
    graphql_type=ConfirmEmailChangeResult,
    description=(
        "Agree to another address with the token of the link mailed to the present one. The new one is asked next."
    ),
)
async def confirm_email_change_mutation(info: Info, token: str, idempotency_key: UUID) -> object:
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    await count_place(info, "email-change", runtime.settings.sign_in_attempts_per_place_per_minute)
    done = await once(
        info,
        "confirmEmailChange",
        idempotency_key,
        {"token": token},
        lambda connection: confirm_email_change(connection, token, wall_now, runtime.mails),
    )
    return answer(done) if isinstance(done, Refusal) else EmailChangeMoved(status=EmailChangeStatus.CONFIRMED)
