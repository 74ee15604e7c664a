"""`requestEmailChange`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_try, done_before, once, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_email_change, written_person
from identity.api.graphql.types import EmailChange
from identity.domain.contact import parse_email
from identity.domain.refusals import InvalidCredentials, MalformedEmail
from identity.persistence import sessions
from identity.usecases.request_email_change import RequestEmailChangeRefusal, request_email_change


@strawberry.type(description="A mail is on its way to the present address: it is asked first.")
class EmailChangeRequested:
    email_change: EmailChange


RequestEmailChangeResult = result_union(
    "RequestEmailChangeResult", EmailChangeRequested, MalformedEmail, RequestEmailChangeRefusal
)


@strawberry.mutation(
    graphql_type=RequestEmailChangeResult,
    description=(
        "Ask, by one's password, for another address. Its old mailbox is asked, then the new one: 24 hours for each. "
        "An earlier change that is open is cancelled. Every new address gets the same answer."
    ),
)
async def request_email_change_mutation(
    info: Info, new_email: str, password: str, idempotency_key: UUID
) -> object:
    principal = await acting(info)
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    address = parse_email(new_email)
    if isinstance(address, Refusal):
        return answer(address)
    request = {"email": address, "password": password}
    if not await done_before(info, "requestEmailChange", idempotency_key, request):
        known = await written_person(info, principal.person_id)
        bucket = f"change-email:{known.id.hex}"
        await count_try(info, bucket, runtime.settings.sign_in_attempts_per_minute)
        if not await runtime.credentials.matches(password, known.password_hash):
            return answer(InvalidCredentials())
        asked = await once(
            info,
            "requestEmailChange",
            idempotency_key,
            request,
            lambda connection: request_email_change(
                connection, known, address, principal.session_id, wall_now, runtime.mails
            ),
        )
        if isinstance(asked, Refusal):
            return answer(asked)
        async with info.context.db.read() as connection:
            await sessions.forgive(connection, bucket)
    change = await written_email_change(info, principal.person_id)
    return EmailChangeRequested(email_change=EmailChange.of(change, wall_now))
