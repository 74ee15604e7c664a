"""Exchange a refresh token for the next pair; each is good once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.persistence import people, sessions
from identity.persistence.secrets import secret_digest
from identity.signing import AccessTokens
from identity.usecases.open_session import OpenedSession, next_tokens


async def refresh_session(
    connection: AsyncConnection, secret: str, tokens: AccessTokens, wall_now: datetime
) -> OpenedSession | None:
    """The next tokens; None when the token is not good.

    A token that comes back after it was exchanged was stolen by somebody: its whole session is
    closed. That must be kept, so None is returned where a refusal would roll it back.
    """
    digest = secret_digest(secret)
    row = await sessions.lock_refresh(connection, digest)
    if row is None or row.closed_at is not None or row.expires_at < wall_now:
        return None
    person = await people.find(connection, row.person_id)
    if row.used_at is not None or person is None or not person.is_active:
        await sessions.close_session(connection, row.session_id, wall_now)
        return None
    await sessions.use_refresh(connection, digest, wall_now)
    return await next_tokens(connection, row.session_id, person, tokens, wall_now)
