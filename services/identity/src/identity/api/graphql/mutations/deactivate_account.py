"""`deactivateAccount`"""

from datetime import datetime
from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_try, once, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_person
from identity.domain.leaving import KEEPING, DeactivationReason
from identity.domain.refusals import InvalidCredentials
from identity.usecases.deactivate_account import DeactivateAccountRefusal, deactivate_account


@strawberry.type(
    description="The account sleeps: no session of it is left, and what could be cancelled of its bookings is."
)
class AccountLeft:
    comes_back_until: datetime = strawberry.field(description="Until when `reactivateAccount` gives it back.")


DeactivateAccountResult = result_union("DeactivateAccountResult", AccountLeft, DeactivateAccountRefusal)


@strawberry.mutation(
    graphql_type=DeactivateAccountResult,
    description=(
        "Leave of one's own accord, by one's password. One may come back within 60 days; nothing personal is kept "
        "afterwards, of who had a credit from the 21st birthday on."
    ),
)
async def deactivate_account_mutation(
    info: Info, password: str, reason: DeactivationReason, idempotency_key: UUID
) -> object:
    principal = await acting(info)
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    known = await written_person(info, principal.person_id)
    await count_try(info, f"deactivate:{known.id.hex}", runtime.settings.sign_in_attempts_per_minute)
    if not await runtime.credentials.matches(password, known.password_hash):
        return answer(InvalidCredentials())
    left = await once(
        info,
        "deactivateAccount",
        idempotency_key,
        {"password": password, "reason": reason},
        lambda connection: deactivate_account(connection, known, reason, wall_now, runtime.sealer),
    )
    if isinstance(left, Refusal):
        return answer(left)
    return AccountLeft(comes_back_until=wall_now + KEEPING.at(wall_now).comes_back_within)
