"""Suspend an account: it sleeps from now on, everywhere."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox, revocations
from chassis.ids import new_id
from chassis.revocations import Standing
from chassis.sealed import Sealer
from identity.domain.refusals import AlreadySuspended, DecidesForThemselves, PersonNotFound
from identity.domain.suspension import SuspensionReason, check_suspension
from identity.messages import person as person_message
from identity.persistence import factors, people, sessions
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.usecases.end_sessions import end_sessions

SuspendPersonRefusal = PersonNotFound | AlreadySuspended | DecidesForThemselves


async def suspend_person(
    connection: AsyncConnection,
    person_id: UUID,
    reason: SuspensionReason,
    decider_id: UUID,
    now: datetime,
    wall_now: datetime,
    sealer: Sealer,
) -> PersonRecord | SuspendPersonRefusal:
    """The person once suspended: no session, no link, no sign-in; what they booked follows from the reason.

    Their password stays as it was, for the day the account is given back.
    """
    person = await people.lock(connection, person_id)
    if person is None:
        return PersonNotFound()
    refused = check_suspension(person.is_active, decider_id, (person_id,))
    if refused is not None:
        return refused
    changed = await people.save(connection, replace(person, is_active=False, suspension_reason=reason))
    await people.add_suspension(
        connection,
        SuspensionRecord(
            id=new_id(), person_id=person_id, reason=reason, decided_by=decider_id, decided_at=now
        ),
    )
    await end_sessions(connection, person_id, wall_now)
    await sessions.void_every_token(connection, person_id)
    await factors.void_challenges(connection, person_id)
    await revocations.keep(connection, [Standing(changed.id, changed.version, changed.is_active)])
    await outbox.emit(connection, [person_message.event(changed, sealer, "suspended")])
    return changed
