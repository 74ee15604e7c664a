"""Suspend an account: it sleeps from now on, everywhere."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.sealed import Sealer
from identity.domain.refusals import (
    AlreadySuspended,
    DecidesForThemselves,
    PersonNotFound,
    ReasonNotOfTheTeam,
)
from identity.domain.suspension import SuspensionReason, check_suspension
from identity.persistence import people
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.usecases.put_to_sleep import put_to_sleep

SuspendPersonRefusal = PersonNotFound | AlreadySuspended | DecidesForThemselves | ReasonNotOfTheTeam


async def suspend_person(
    connection: AsyncConnection,
    person_id: UUID,
    reason: SuspensionReason,
    decider_id: UUID,
    now: datetime,
    wall_now: datetime,
    sealer: Sealer,
) -> PersonRecord | SuspendPersonRefusal:
    """The person once suspended: no session, no link, no sign-in; what they booked follows from the reason."""
    person = await people.lock(connection, person_id)
    if person is None:
        return PersonNotFound()
    refused = check_suspension(person.is_active, reason, decider_id, (person_id,))
    if refused is not None:
        return refused
    suspension = SuspensionRecord(
        id=new_id(), person_id=person_id, reason=reason, decided_by=decider_id, decided_at=now
    )
    return await put_to_sleep(connection, person, suspension, wall_now, sealer)
