"""`suspendPerson`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_person
from identity.api.graphql.types import Person
from identity.domain.suspension import SuspensionReason
from identity.usecases.suspend_person import SuspendPersonRefusal, suspend_person


@strawberry.type(description="The account sleeps: no session and no link of it is good any more.")
class PersonSuspended:
    person: Person


SuspendPersonResult = result_union("SuspendPersonResult", PersonSuspended, SuspendPersonRefusal)


@strawberry.mutation(graphql_type=SuspendPersonResult, description="Team: suspend an account, for a reason.")
async def suspend_person_mutation(
    info: Info, person_id: strawberry.ID, reason: SuspensionReason, idempotency_key: UUID
) -> object:
    principal = await acting(info, "admin")
    whose, runtime, now = uuid_of(person_id), info.context.runtime, info.context.now
    done = await once(
        info,
        "suspendPerson",
        idempotency_key,
        {"person_id": whose, "reason": reason},
        lambda connection: suspend_person(
            connection, whose, reason, principal.person_id, now, runtime.clock.now(), runtime.sealer
        ),
    )
    if isinstance(done, Refusal):
        return answer(done)
    person = await written_person(info, whose)
    return PersonSuspended(person=Person.of(person))
