"""`signOut`"""

import strawberry

from chassis.graphql import Info
from identity.usecases.sign_out import sign_out


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
