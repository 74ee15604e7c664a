"""Close a session of one's own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.persistence import sessions
from identity.persistence.secrets import secret_digest
from identity.usecases.end_sessions import end_sessions


async def sign_out(
    connection: AsyncConnection, person_id: UUID | None, secret: str | None, wall_now: datetime
) -> None:
    """Close the session of this refresh token; without one, every session of the person.

    An unknown token closes nothing and is no error.
    """
    if secret is not None:
        token = await sessions.lock_refresh(connection, secret_digest(secret))
        session = await sessions.lock_session(connection, token.session_id) if token else None
        if session is not None:
            await end_sessions(connection, session.person_id, wall_now, one=session.id)
    elif person_id is not None:
        await end_sessions(connection, person_id, wall_now)
