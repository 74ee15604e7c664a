"""Give an account another password: whoever had the old one, or anything from before by it, is out."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.sealed import Sealer
from identity.domain.account_tokens import TokenPurpose
from identity.messages import person as person_message
from identity.persistence import factors, people, sessions
from identity.persistence.records import PersonRecord
from identity.usecases.end_sessions import end_sessions


async def replace_password(
    connection: AsyncConnection,
    person: PersonRecord,
    password_hash: str,
    wall_now: datetime,
    sealer: Sealer,
    *,
    but: UUID | None = None,
) -> PersonRecord:
    """The person, who is locked, afterwards. `but`: the session of who does it, which goes on."""
    saved = await people.save(connection, replace(person, password_hash=password_hash))
    await end_sessions(connection, person.id, wall_now, but=but)
    await factors.void_challenges(connection, person.id)
    await sessions.void_tokens(connection, person.id, TokenPurpose.RESET_PASSWORD)
    await mail.enqueue(connection, "password_changed", {"person_id": str(person.id)})
    await outbox.emit(connection, [person_message.event(saved, sealer)])
    return saved
