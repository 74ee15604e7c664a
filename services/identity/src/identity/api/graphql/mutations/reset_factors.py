"""`resetFactors`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_person
from identity.api.graphql.types import Person
from identity.usecases.reset_factors import ResetFactorsRefusal, reset_factors


@strawberry.type(
    description="No factor, recovery code or session of theirs is good any more; they register anew."
)
class FactorsReset:
    person: Person


ResetFactorsResult = result_union("ResetFactorsResult", FactorsReset, ResetFactorsRefusal)


@strawberry.mutation(
    graphql_type=ResetFactorsResult,
    description="Team: let a colleague who has lost their second factor register another within three days.",
)
async def reset_factors_mutation(info: Info, person_id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = await acting(info, "admin")
    whose, runtime = uuid_of(person_id), info.context.runtime
    done = await once(
        info,
        "resetFactors",
        idempotency_key,
        {"person_id": whose},
        lambda connection: reset_factors(connection, whose, principal.person_id, runtime.clock.now()),
    )
    if isinstance(done, Refusal):
        return answer(done)
    person = await written_person(info, whose)
    return FactorsReset(person=Person.of(person))
