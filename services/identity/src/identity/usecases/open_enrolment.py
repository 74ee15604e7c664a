"""Let somebody of the team register a first factor, for three days."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from identity.domain.factors import ENROLMENT_LIFETIME
from identity.persistence import factors, people
from identity.persistence.records import EnrolmentRecord


async def open_enrolment(
    connection: AsyncConnection, person_id: UUID, opened_by: UUID | None, wall_now: datetime
) -> None:
    """`opened_by` is the colleague who decides it; None for an operator at the command line."""
    enrolment = EnrolmentRecord(
        id=new_id(),
        person_id=person_id,
        opened_by=opened_by,
        opened_at=wall_now,
        expires_at=wall_now + ENROLMENT_LIFETIME,
    )
    await factors.open_enrolment(connection, enrolment)


async def reopen_enrolment(connection: AsyncConnection, person_id: UUID, wall_now: datetime) -> bool:
    """As an operator may: only for who has no factor. Whether it was."""
    await people.lock(connection, person_id)
    if await factors.of_person(connection, person_id):
        return False
    await open_enrolment(connection, person_id, None, wall_now)
    return True
