"""Accept a person's identity check: the last step of the file, which gives the credit."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.db import constraint
from chassis.departments import department_of
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.beneficiaries import likeness
from identity.domain.file_steps import CheckStatus
from identity.domain.refusals import (
    DecidesForThemselves,
    DocumentAlreadyUsed,
    DuplicateBeneficiary,
    IdentityCheckMoveRefused,
    PersonNotFound,
)
from identity.domain.separation import check_may_decide
from identity.persistence import identity_checks, people
from identity.persistence.records import GrantRecord
from identity.persistence.secrets import Digester
from identity.usecases.judge_candidate import GrantRefusal, judge_candidate
from identity.usecases.keep_roles import keep_roles
from identity.usecases.record_grant import record_grant

AcceptIdentityCheckRefusal = (
    PersonNotFound
    | DecidesForThemselves
    | IdentityCheckMoveRefused
    | GrantRefusal
    | DocumentAlreadyUsed
    | DuplicateBeneficiary
)

_RACED: dict[str, DuplicateBeneficiary | DocumentAlreadyUsed] = {
    "persons_likeness_digest_key": DuplicateBeneficiary(),
    "persons_document_digest_key": DocumentAlreadyUsed(),
}
"""Refusals for what two acceptances at once can race past: the constraints see it."""


async def accept_identity_check(
    connection: AsyncConnection,
    person_id: UUID,
    decider_id: UUID,
    now: datetime,
    sealer: Sealer,
    digest: Digester,
) -> GrantRecord | AcceptIdentityCheckRefusal:
    """The grant. Age and edition: of `now` and of the first check."""
    person = await people.lock(connection, person_id)
    if person is None:
        return PersonNotFound()
    if (own := check_may_decide(decider_id, [person_id])) is not None:
        return own
    check = await identity_checks.latest(connection, person_id)
    if check is None or check.status != CheckStatus.PENDING:
        return IdentityCheckMoveRefused(check.status if check else "none", "accept")
    await identity_checks.one_at_a_time(connection)
    if await identity_checks.document_is_taken(connection, person_id, check.document_digests):
        return DocumentAlreadyUsed()
    looks = digest.each("likeness", likeness(check.first_name, check.last_name, check.birth_date))
    if await people.has_look_alike(connection, person_id, looks):
        return DuplicateBeneficiary()
    department = department_of(check.postal_code)
    decision = await judge_candidate(
        connection,
        person,
        birth_date=check.birth_date,
        postal_code=check.postal_code,
        opened_at=await identity_checks.file_opened_at(connection, person_id) or check.submitted_at,
        now=now,
    )
    if isinstance(decision, Refusal):
        return decision
    await identity_checks.save(connection, replace(check, status=CheckStatus.ACCEPTED, decided_at=now))
    grant = await record_grant(connection, person_id, department, decision, now)
    checked = replace(
        person,
        first_name=check.first_name,
        last_name=check.last_name,
        birth_date=check.birth_date,
        city=check.city,
        postal_code=check.postal_code,
        department_code=department,
        activity=check.activity,
        document_digest=check.document_digest,
        likeness_digest=looks[0],
    )
    try:
        await keep_roles(connection, person, sealer, checked)
    except IntegrityError as error:
        if (refusal := _RACED.get(constraint(error) or "")) is None:
            raise
        return refusal
    return grant
