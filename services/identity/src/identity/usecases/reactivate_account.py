"""Come back to an account that one has left, within the delay."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.sealed import Sealer
from identity.domain.leaving import comes_back_until
from identity.domain.refusals import InvalidCredentials, NotSuspended
from identity.persistence import people
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.usecases.wake_up import wake_up

ReactivateAccountRefusal = NotSuspended | InvalidCredentials


async def reactivate_account(
    connection: AsyncConnection, proved: PersonRecord, wall_now: datetime, sealer: Sealer
) -> PersonRecord | ReactivateAccountRefusal:
    """The person, active again, whose password was right a moment ago. Bookings that were cancelled stay so."""
    person = await people.lock(connection, proved.id)
    if person is None or person.password_hash != proved.password_hash:
        return InvalidCredentials()
    left_at = await people.suspended_at(connection, person.id)
    if comes_back_until(person.suspension_reason, left_at, wall_now) is None:
        return NotSuspended()
    waking = SuspensionRecord(
        id=new_id(), person_id=person.id, reason=None, decided_by=person.id, decided_at=wall_now
    )
    return await wake_up(connection, person, waking, sealer)
