"""Give an account back: whoever has its password signs in again."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox, revocations
from chassis.revocations import Standing
from chassis.sealed import Sealer
from identity.messages import person as person_message
from identity.persistence import people
from identity.persistence.records import PersonRecord, SuspensionRecord


async def wake_up(
    connection: AsyncConnection, person: PersonRecord, waking: SuspensionRecord, sealer: Sealer
) -> PersonRecord:
    """The person, who is locked, active again. What was cancelled meanwhile stays cancelled."""
    changed = await people.save(connection, replace(person, is_active=True, suspension_reason=None))
    await people.add_suspension(connection, waking)
    await revocations.keep(connection, [Standing(changed.id, changed.version, changed.is_active)])
    await outbox.emit(connection, [person_message.event(changed, sealer, "unsuspended")])
    return changed
