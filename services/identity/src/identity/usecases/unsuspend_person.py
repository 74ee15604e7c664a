"""Give a suspended account back."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox, revocations
from chassis.ids import new_id
from chassis.revocations import Standing
from chassis.sealed import Sealer
from identity.domain.refusals import DecidesForThemselves, NotSuspended, PersonNotFound
from identity.domain.suspension import check_reinstatement
from identity.messages import person as person_message
from identity.persistence import people
from identity.persistence.records import PersonRecord, SuspensionRecord

UnsuspendPersonRefusal = PersonNotFound | NotSuspended | DecidesForThemselves


async def unsuspend_person(
    connection: AsyncConnection, person_id: UUID, decider_id: UUID, now: datetime, sealer: Sealer
) -> PersonRecord | UnsuspendPersonRefusal:
    """The person, active again: they sign in anew. What was cancelled meanwhile stays cancelled."""
    person = await people.lock(connection, person_id)
    if person is None:
        return PersonNotFound()
    refused = check_reinstatement(person.is_active, decider_id, (person_id,))
    if refused is not None:
        return refused
    changed = await people.save(connection, replace(person, is_active=True, suspension_reason=None))
    await people.add_suspension(
        connection,
        SuspensionRecord(
            id=new_id(), person_id=person_id, reason=None, decided_by=decider_id, decided_at=now
        ),
    )
    await revocations.keep(connection, [Standing(changed.id, changed.version, changed.is_active)])
    await outbox.emit(connection, [person_message.event(changed, sealer, "unsuspended")])
    return changed
