"""`cancelEmailChange`"""

from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql import Info, answer, count_place, once, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.types import EmailChangeMoved
from identity.domain.email_changes import EmailChangeStatus
from identity.persistence.records import EmailChangeRecord
from identity.usecases.cancel_email_change import (
    CancelEmailChangeRefusal,
    cancel_email_change,
    cancel_email_change_by_link,
)

CancelEmailChangeResult = result_union("CancelEmailChangeResult", EmailChangeMoved, CancelEmailChangeRefusal)


@strawberry.mutation(
    graphql_type=CancelEmailChangeResult,
    description=(
        "Cancel the change of address that is open: by the token of the link mailed to the present one, or without "
        "any, signed in."
    ),
)
async def cancel_email_change_mutation(info: Info, idempotency_key: UUID, token: str | None = None) -> object:
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    person_id = (await acting(info)).person_id if token is None else None
    await count_place(info, "email-change", runtime.settings.sign_in_attempts_per_place_per_minute)

    async def work(connection: AsyncConnection) -> EmailChangeRecord | CancelEmailChangeRefusal:
        if token is not None:
            return await cancel_email_change_by_link(connection, token, wall_now)
        assert person_id is not None, "signed in where there is no token"
        return await cancel_email_change(connection, person_id, wall_now)

    done = await once(info, "cancelEmailChange", idempotency_key, {"token": token}, work)
    return answer(done) if isinstance(done, Refusal) else EmailChangeMoved(status=EmailChangeStatus.CANCELLED)
