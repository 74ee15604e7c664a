"""Leave of one's own accord, for a reason, with the way back open for a while."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from chassis.ids import new_id
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.leaving import DeactivationReason, check_deactivation
from identity.domain.refusals import InvalidCredentials, TeamDoesNotLeave
from identity.domain.suspension import SuspensionReason
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.usecases.prove_password import still_proved
from identity.usecases.put_to_sleep import put_to_sleep

DeactivateAccountRefusal = InvalidCredentials | TeamDoesNotLeave


async def deactivate_account(
    connection: AsyncConnection,
    person: PersonRecord,
    why: DeactivationReason,
    wall_now: datetime,
    sealer: Sealer,
) -> PersonRecord | DeactivateAccountRefusal:
    """The person, who sleeps. The password was right for `person` as they were read.

    Dated by the wall clock, as the delay to come back is: it is told to a person.
    """
    locked = await still_proved(connection, person)
    if isinstance(locked, Refusal):
        return locked
    refused = check_deactivation(locked.roles)
    if refused is not None:
        return refused
    suspension = SuspensionRecord(
        id=new_id(),
        person_id=person.id,
        reason=SuspensionReason.UPON_USER_REQUEST,
        decided_by=person.id,
        decided_at=wall_now,
        why_left=why,
    )
    left = await put_to_sleep(connection, locked, suspension, wall_now, sealer)
    await mail.enqueue(connection, "account_deactivated", {"person_id": str(person.id)})
    return left
