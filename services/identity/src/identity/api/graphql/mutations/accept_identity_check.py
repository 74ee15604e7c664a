"""`acceptIdentityCheck`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import load_grants, written_person
from identity.api.graphql.types import Grant, Person
from identity.usecases.accept_identity_check import AcceptIdentityCheckRefusal, accept_identity_check


@strawberry.type(description="The file is complete: the credit is given.")
class IdentityCheckAccepted:
    person: Person
    grant: Grant


AcceptIdentityCheckResult = result_union(
    "AcceptIdentityCheckResult", IdentityCheckAccepted, AcceptIdentityCheckRefusal
)


@strawberry.mutation(
    graphql_type=AcceptIdentityCheckResult,
    description="Team: accept a pending check; the credit follows from the age and the rules of today.",
)
async def accept_identity_check_mutation(
    info: Info, person_id: strawberry.ID, idempotency_key: UUID
) -> object:
    principal = await acting(info, "admin")
    whose, runtime, now = uuid_of(person_id), info.context.runtime, info.context.now
    done = await once(
        info,
        "acceptIdentityCheck",
        idempotency_key,
        {"person_id": whose},
        lambda connection: accept_identity_check(
            connection, whose, principal.person_id, now, runtime.sealer, runtime.digest
        ),
    )
    if isinstance(done, Refusal):
        return answer(done)
    person, held = await written_person(info, whose), await load_grants(info, whose)
    return IdentityCheckAccepted(
        person=Person.of(person),
        grant=next(Grant.of(record) for record in held if record.id == done),
    )
