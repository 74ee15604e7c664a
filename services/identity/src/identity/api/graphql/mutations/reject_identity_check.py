"""`rejectIdentityCheck`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_person
from identity.api.graphql.types import Person
from identity.usecases.reject_identity_check import RejectIdentityCheckRefusal, reject_identity_check


@strawberry.type(description="No credit is given; a new check may be handed in.")
class IdentityCheckRejected:
    person: Person


RejectIdentityCheckResult = result_union(
    "RejectIdentityCheckResult", IdentityCheckRejected, RejectIdentityCheckRefusal
)


@strawberry.mutation(graphql_type=RejectIdentityCheckResult, description="Team: reject a pending check.")
async def reject_identity_check_mutation(
    info: Info, person_id: strawberry.ID, idempotency_key: UUID
) -> object:
    principal = await acting(info, "admin")
    whose, now = uuid_of(person_id), info.context.now
    done = await once(
        info,
        "rejectIdentityCheck",
        idempotency_key,
        {"person_id": whose},
        lambda connection: reject_identity_check(connection, whose, principal.person_id, now),
    )
    if isinstance(done, Refusal):
        return answer(done)
    person = await written_person(info, whose)
    return IdentityCheckRejected(person=Person.of(person))
