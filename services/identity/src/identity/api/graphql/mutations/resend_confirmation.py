"""`resendConfirmation`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_place, once, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.types import ConfirmationResends
from identity.domain.contact import parse_email
from identity.domain.refusals import MalformedEmail
from identity.usecases.resend_confirmation import ResendConfirmationRefusal, resend_confirmation


@strawberry.type(
    description="If the address waits to be confirmed, a mail with a new link is on its way to it."
)
class ConfirmationResent:
    resends: ConfirmationResends


ResendConfirmationResult = result_union(
    "ResendConfirmationResult", ConfirmationResent, ResendConfirmationRefusal, MalformedEmail
)


@strawberry.mutation(
    graphql_type=ResendConfirmationResult,
    description=(
        "Have the link that confirms an address mailed again; the one before is void. Every address gets the same "
        "answer, three times within 24 hours."
    ),
)
async def resend_confirmation_mutation(info: Info, email: str, idempotency_key: UUID) -> object:
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    address = parse_email(email)
    if isinstance(address, Refusal):
        return answer(address)
    await count_place(
        info,
        "resent-confirmation",
        runtime.settings.sign_ups_per_place_per_minute,
        "Trop de demandes : réessayez dans une minute.",
    )
    done = await once(
        info,
        "resendConfirmation",
        idempotency_key,
        {"email": address},
        lambda connection: resend_confirmation(connection, address, wall_now, runtime.mails),
    )
    if isinstance(done, Refusal):
        return answer(done)
    return ConfirmationResent(resends=await ConfirmationResends.read(info, address))
