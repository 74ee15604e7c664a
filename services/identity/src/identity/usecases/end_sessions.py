"""End sessions: their refresh tokens are good no more, and within two seconds no access token of theirs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox, revocations
from chassis.revocations import Standing
from identity.domain.account_tokens import good_until
from identity.messages import session as session_message
from identity.persistence import sessions
from identity.persistence.records import SessionRecord


async def end_sessions(
    connection: AsyncConnection,
    person_id: UUID,
    wall_now: datetime,
    *,
    one: UUID | None = None,
    but: UUID | None = None,
) -> list[SessionRecord]:
    """The sessions of a person that this has ended: one of them or all, except `but`."""
    ended = await sessions.close(connection, person_id, wall_now, one=one, but=but)
    heard = [session for session in ended if good_until(session.last_used_at) > wall_now]
    await revocations.keep(
        connection,
        (
            Standing(
                session.id, session_message.VERSION, is_active=False, until=good_until(session.last_used_at)
            )
            for session in heard
        ),
    )
    await outbox.emit(connection, [session_message.event(session) for session in heard])
    return ended
