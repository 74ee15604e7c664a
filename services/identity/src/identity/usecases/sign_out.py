"""Close a session: its refresh token is good no more; access tokens end by themselves within 15 minutes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.persistence import sessions
from identity.persistence.secrets import secret_digest


async def sign_out(
    connection: AsyncConnection, person_id: UUID | None, secret: str | None, wall_now: datetime
) -> None:
    """Close the session of this refresh token; without one, every session of the person.

    An unknown token closes nothing and is no error.
    """
    if secret is not None:
        token = await sessions.lock_refresh(connection, secret_digest(secret))
        if token is not None:
            await sessions.close_session(connection, token.session_id, wall_now)
    elif person_id is not None:
        await sessions.close_all(connection, person_id, wall_now)
