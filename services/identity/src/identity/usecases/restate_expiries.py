"""What a reform alone does to a person's credits: it moves their end."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.departments import timezone_of
from identity.domain.grants import expiry_of
from identity.messages import grant as grant_message
from identity.persistence import grants, people


async def restate_expiries(connection: AsyncConnection, person_id: UUID, now: datetime) -> int:
    """How many of a person's credits end at another instant by the rules of `now` than was written.

    A credit that was replaced has ended for good, and is left alone.
    """
    person = await people.lock(connection, person_id)
    if person is None or person.birth_date is None:
        return 0
    rows = await grants.of_person(connection, person_id)
    replaced = {row.replaces_grant_id for row in rows}
    changed = 0
    for row in rows:
        end = expiry_of(row.kind, row.granted_at, person.birth_date, timezone_of(person.department_code), now)
        if row.id not in replaced and end != row.expires_at:
            saved = await grants.save(connection, replace(row, expires_at=end))
            await outbox.emit(connection, [grant_message.event(saved, "expiry_restated")])
            changed += 1
    return changed
