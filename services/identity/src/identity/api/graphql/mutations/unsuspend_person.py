"""`unsuspendPerson`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_person
from identity.api.graphql.types import Person
from identity.usecases.unsuspend_person import UnsuspendPersonRefusal, unsuspend_person


@strawberry.type(description="The account is given back; its person signs in anew.")
class PersonUnsuspended:
    person: Person


UnsuspendPersonResult = result_union("UnsuspendPersonResult", PersonUnsuspended, UnsuspendPersonRefusal)


@strawberry.mutation(graphql_type=UnsuspendPersonResult, description="Team: give a suspended account back.")
async def unsuspend_person_mutation(info: Info, person_id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = await acting(info, "admin")
    whose, runtime, now = uuid_of(person_id), info.context.runtime, info.context.now
    done = await once(
        info,
        "unsuspendPerson",
        idempotency_key,
        {"person_id": whose},
        lambda connection: unsuspend_person(connection, whose, principal.person_id, now, runtime.sealer),
    )
    if isinstance(done, Refusal):
        return answer(done)
    person = await written_person(info, whose)
    return PersonUnsuspended(person=Person.of(person))
