"""Close one of one's own sessions, seen from another."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.refusals import SessionNotFound
from identity.persistence.records import SessionRecord
from identity.usecases.end_sessions import end_sessions

CloseSessionRefusal = SessionNotFound


async def close_session(
    connection: AsyncConnection, person_id: UUID, session_id: UUID, wall_now: datetime
) -> SessionRecord | CloseSessionRefusal:
    """The session that was closed. That of a stranger is none, nor is one that has ended before."""
    ended = await end_sessions(connection, person_id, wall_now, one=session_id)
    return ended[0] if ended else SessionNotFound()
