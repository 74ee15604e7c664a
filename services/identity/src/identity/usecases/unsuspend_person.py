"""Give a suspended account back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.sealed import Sealer
from identity.domain.refusals import DecidesForThemselves, NotSuspended, PersonNotFound
from identity.domain.suspension import check_reinstatement
from identity.persistence import people
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.usecases.wake_up import wake_up

UnsuspendPersonRefusal = PersonNotFound | NotSuspended | DecidesForThemselves


async def unsuspend_person(
    connection: AsyncConnection, person_id: UUID, decider_id: UUID, now: datetime, sealer: Sealer
) -> PersonRecord | UnsuspendPersonRefusal:
    """The person, active again: they sign in anew. What was cancelled meanwhile stays cancelled."""
    person = await people.lock(connection, person_id)
    if person is None:
        return PersonNotFound()
    refused = check_reinstatement(person.is_active, person.suspension_reason, decider_id, (person_id,))
    if refused is not None:
        return refused
    waking = SuspensionRecord(
        id=new_id(), person_id=person_id, reason=None, decided_by=decider_id, decided_at=now
    )
    return await wake_up(connection, person, waking, sealer)
