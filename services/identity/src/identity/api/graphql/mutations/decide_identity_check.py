"""`acceptIdentityCheck`, `rejectIdentityCheck`: the team decides; to accept gives the credit."""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, require, result_union
from chassis.refusals import Refusal
from identity.api.graphql import loaders
from identity.api.graphql.acting import once, person_row
from identity.api.graphql.types import Grant, Person, parse_id
from identity.domain import refusals as no
from identity.usecases.accept_identity_check import accept_identity_check
from identity.usecases.reject_identity_check import reject_identity_check


@strawberry.type(description="The file is complete: the credit is given.")
class IdentityCheckAccepted:
    person: Person
    grant: Grant


@strawberry.type(description="No credit is given; a new check may be handed in.")
class IdentityCheckRejected:
    person: Person


AcceptIdentityCheckResult = result_union(
    "AcceptIdentityCheckResult",
    IdentityCheckAccepted,
    no.IdentityCheckMoveRefused,
    no.RoleForbidden,
    no.ResidenceExcluded,
    no.NotEligibleAge,
    no.StepMissing,
    no.FileRefused,
    no.GrantAlreadyGiven,
    no.ActiveGrantExists,
    no.DocumentAlreadyUsed,
    no.DuplicateBeneficiary,
)
RejectIdentityCheckResult = result_union(
    "RejectIdentityCheckResult", IdentityCheckRejected, no.IdentityCheckMoveRefused
)


@strawberry.mutation(
    graphql_type=AcceptIdentityCheckResult,
    description="Team: accept a pending check; the credit follows from the age and the rules of today.",
)
async def accept_identity_check_mutation(
    info: Info, person_id: strawberry.ID, idempotency_key: UUID
) -> object:
    require(info, "admin")
    whose, runtime, now = parse_id(person_id), info.context.runtime, info.context.now
    done = await once(
        info,
        "acceptIdentityCheck",
        idempotency_key,
        {"person_id": whose},
        lambda connection: accept_identity_check(connection, whose, now, runtime.sealer, runtime.digest),
    )
    if isinstance(done, Refusal):
        return answer(done)
    grants = await loaders.grants_of_person(info.context).load(whose)
    return IdentityCheckAccepted(
        person=Person.of(await person_row(info, done["person_id"])),
        grant=next(Grant.of(row) for row in grants if str(row.id) == done["grant_id"]),
    )


@strawberry.mutation(graphql_type=RejectIdentityCheckResult, description="Team: reject a pending check.")
async def reject_identity_check_mutation(
    info: Info, person_id: strawberry.ID, idempotency_key: UUID
) -> object:
    require(info, "admin")
    whose, now = parse_id(person_id), info.context.now
    done = await once(
        info,
        "rejectIdentityCheck",
        idempotency_key,
        {"person_id": whose},
        lambda connection: reject_identity_check(connection, whose, now),
    )
    if isinstance(done, Refusal):
        return answer(done)
    return IdentityCheckRejected(person=Person.of(await person_row(info, done["person_id"])))
