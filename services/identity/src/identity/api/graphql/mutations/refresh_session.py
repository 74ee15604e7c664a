"""`refreshSession`"""

import strawberry

from chassis.graphql import Info, answer, result_union
from identity.api.graphql.types import Session
from identity.domain.refusals import InvalidToken
from identity.usecases.refresh_session import refresh_session

RefreshSessionResult = result_union("RefreshSessionResult", Session, InvalidToken)


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
    if opened is None:
        return answer(InvalidToken())
    info.context.subjects.append(opened.person.id)
    return Session.of(opened)
