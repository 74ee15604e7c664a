"""`signIn`, `refreshSession`, `signOut`"""

import strawberry

from chassis.graphql import ApiError, ErrorCode, Info, answer, result_union
from chassis.refusals import Refusal
from identity.api.graphql.types import Person, Session
from identity.domain import refusals as no
from identity.usecases.open_session import OpenedSession
from identity.usecases.refresh_session import refresh_session
from identity.usecases.sign_in import TooManyAttempts, sign_in
from identity.usecases.sign_out import sign_out

SignInResult = result_union("SignInResult", Session, no.InvalidCredentials, no.EmailNotConfirmed)
RefreshSessionResult = result_union("RefreshSessionResult", Session, no.InvalidToken)


def _session(opened: OpenedSession) -> Session:
    return Session(
        access_token=opened.access_token,
        refresh_token=opened.refresh_token,
        expires_in_seconds=opened.expires_in_seconds,
        person=Person.of(opened.person),
    )


@strawberry.mutation(
    graphql_type=SignInResult,
    description="Open a session. Unknown addresses, wrong passwords and closed accounts are not told apart.",
)
async def sign_in_mutation(info: Info, email: str, password: str) -> object:
    context = info.context
    try:
        opened = await sign_in(context.runtime, email, password, context.client_address)
    except TooManyAttempts:
        raise ApiError(ErrorCode.TOO_MANY_REQUESTS, "Trop d’essais : réessayez dans une minute.") from None
    return answer(opened) if isinstance(opened, Refusal) else _session(opened)


@strawberry.mutation(
    graphql_type=RefreshSessionResult,
    description="The next tokens of a session. A refresh token that is used twice closes its session.",
)
async def refresh_session_mutation(info: Info, refresh_token: str) -> object:
    runtime = info.context.runtime
    opened = await info.context.db.run(
        lambda connection: refresh_session(
            connection, refresh_token, runtime.access_tokens, runtime.clock.now()
        )
    )
    return answer(no.InvalidToken()) if opened is None else _session(opened)


@strawberry.mutation(
    description="Close the session of a refresh token; without one, all sessions of the signed-in person."
)
async def sign_out_mutation(info: Info, refresh_token: str | None = None) -> bool:
    context = info.context
    person_id = context.principal.person_id if context.principal else None
    await context.db.run(
        lambda connection: sign_out(connection, person_id, refresh_token, context.runtime.clock.now())
    )
    return True
