"""`requestPasswordReset`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_place, once, result_union, spend
from chassis.refusals import Refusal
from identity.domain.contact import parse_email
from identity.domain.refusals import MalformedEmail
from identity.usecases.request_password_reset import request_password_reset


@strawberry.type(description="If the address has an account, a mail with a link is on its way to it.")
class PasswordResetRequested:
    email: str = strawberry.field(description="The address as it was understood.")


RequestPasswordResetResult = result_union(
    "RequestPasswordResetResult", PasswordResetRequested, MalformedEmail
)


@strawberry.mutation(
    graphql_type=RequestPasswordResetResult,
    description="Have a link mailed by which a forgotten password is replaced. Every address gets the same answer.",
)
async def request_password_reset_mutation(info: Info, email: str, idempotency_key: UUID) -> object:
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    address = parse_email(email)
    if isinstance(address, Refusal):
        return answer(address)
    await count_place(
        info,
        "forgotten-password",
        runtime.settings.sign_ups_per_place_per_minute,
        "Trop de demandes : réessayez dans une minute.",
    )
    await once(
        info,
        "requestPasswordReset",
        idempotency_key,
        {"email": address},
        lambda connection: request_password_reset(connection, address, wall_now, runtime.mails),
    )
    return PasswordResetRequested(email=address)
