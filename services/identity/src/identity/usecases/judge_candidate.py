"""What a person's file would give at this moment, by the rules of the day."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.departments import department_of, timezone_of
from identity.domain.age import age_on, local_day
from identity.domain.file_steps import BeneficiaryFile, CheckStatus, StepPolicy
from identity.domain.granting import Candidate, GrantRefusal, NewGrant, ToppedUp, decide_grant
from identity.persistence import grants
from identity.persistence.records import PersonRecord

__all__ = ["POLICY", "GrantRefusal", "judge_candidate"]

POLICY = StepPolicy(phone=False, profiling=False)
"""Phone codes and risk profiling have no provider here: those steps are switched off."""


async def judge_candidate(
    connection: AsyncConnection,
    person: PersonRecord,
    *,
    birth_date: date,
    postal_code: str,
    opened_at: datetime,
    now: datetime,
) -> NewGrant | ToppedUp | GrantRefusal:
    """The decision on a file whose identity check is accepted, whose profile and statement are given."""
    held = await grants.of_person(connection, person.id)
    department = department_of(postal_code)
    file = BeneficiaryFile(
        age=age_on(birth_date, local_day(now, timezone_of(department))),
        email_confirmed=person.email_confirmed_at is not None,
        identity_check=CheckStatus.ACCEPTED,
        profile_complete=True,
        honour_statement=True,
    )
    candidate = Candidate(
        birth_date=birth_date,
        department=department,
        postal_code=postal_code,
        opened_at=opened_at,
        file=file,
        roles=person.roles,
        held=tuple(row.grant for row in held),
    )
    return decide_grant(candidate, now, POLICY)
