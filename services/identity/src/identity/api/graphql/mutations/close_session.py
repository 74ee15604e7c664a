"""`closeSession`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.usecases.close_session import CloseSessionRefusal, close_session


@strawberry.type(description="The session has ended; within two seconds nothing is open to its tokens.")
class SessionClosed:
    session_id: strawberry.ID


CloseSessionResult = result_union("CloseSessionResult", SessionClosed, CloseSessionRefusal)


@strawberry.mutation(
    graphql_type=CloseSessionResult,
    description="Close one of one's own sessions, as `mySessions` lists them.",
)
async def close_session_mutation(info: Info, session_id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = await acting(info)
    which, wall_now = uuid_of(session_id), info.context.runtime.clock.now()
    closed = await once(
        info,
        "closeSession",
        idempotency_key,
        {"session_id": which},
        lambda connection: close_session(connection, principal.person_id, which, wall_now),
    )
    return answer(closed) if isinstance(closed, Refusal) else SessionClosed(session_id=session_id)
