"""Reset the second factor of somebody of the team who has lost it: they register a new one at their next sign-in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from identity.domain.refusals import DecidesForThemselves, PersonNotFound
from identity.domain.roles import STAFF
from identity.domain.separation import check_may_decide
from identity.persistence import factors, people
from identity.persistence.records import PersonRecord
from identity.usecases.end_sessions import end_sessions
from identity.usecases.open_enrolment import open_enrolment

ResetFactorsRefusal = PersonNotFound | DecidesForThemselves


async def reset_factors(
    connection: AsyncConnection, person_id: UUID, decider_id: UUID, wall_now: datetime
) -> PersonRecord | ResetFactorsRefusal:
    """The person, whose factors, recovery codes and sessions are good no more, and who reads it in a mail.

    Nobody resets their own: whoever has stolen a session would make it last.
    """
    person = await people.lock(connection, person_id)
    if person is None or not person.roles & STAFF:
        return PersonNotFound()
    if (refused := check_may_decide(decider_id, (person_id,))) is not None:
        return refused
    await factors.forget(connection, person_id)
    await factors.void_challenges(connection, person_id)
    await end_sessions(connection, person_id, wall_now)
    await open_enrolment(connection, person_id, decider_id, wall_now)
    await mail.enqueue(connection, "factors_reset", {"person_id": str(person_id)})
    return person
