"""Let an account sleep from now on, everywhere: no session, no link, no sign-in."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox, revocations
from chassis.revocations import Standing
from chassis.sealed import Sealer
from identity.messages import person as person_message
from identity.persistence import factors, people, sessions
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.usecases.end_sessions import end_sessions


async def put_to_sleep(
    connection: AsyncConnection,
    person: PersonRecord,
    suspension: SuspensionRecord,
    wall_now: datetime,
    sealer: Sealer,
) -> PersonRecord:
    """The person, who is locked, afterwards; what they booked follows from the reason of `suspension`, elsewhere.

    Their password stays as it was, for the day the account is given back.
    """
    changed = await people.save(
        connection, replace(person, is_active=False, suspension_reason=suspension.reason)
    )
    await people.add_suspension(connection, suspension)
    await end_sessions(connection, person.id, wall_now)
    await sessions.void_every_token(connection, person.id)
    await factors.void_challenges(connection, person.id)
    await revocations.keep(connection, [Standing(changed.id, changed.version, changed.is_active)])
    await outbox.emit(connection, [person_message.event(changed, sealer, "suspended")])
    return changed
