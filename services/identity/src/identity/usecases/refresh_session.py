"""Exchange a refresh token for the next pair; each is good once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.roles import session_is_strong_enough, session_lifetime
from identity.persistence import people, sessions
from identity.persistence.secrets import secret_digest
from identity.signing import AccessTokens
from identity.usecases.end_sessions import end_sessions
from identity.usecases.open_session import OpenedSession, next_tokens


async def refresh_session(
    connection: AsyncConnection, secret: str, tokens: AccessTokens, wall_now: datetime
) -> OpenedSession | None:
    """The next tokens; None when the token is not good.

    A token that comes back after it was exchanged was stolen by somebody: its whole session is
    closed. That must be kept, so None is returned where a refusal would roll it back.
    """
    digest = secret_digest(secret)
    token = await sessions.lock_refresh(connection, digest)
    session = await sessions.lock_session(connection, token.session_id) if token else None
    if token is None or session is None or session.closed_at is not None or token.expires_at < wall_now:
        return None
    person = await people.find(connection, session.person_id)
    if (
        token.used_at is not None
        or person is None
        or not person.is_active
        or not session_is_strong_enough(person.roles, session.methods)
    ):
        await end_sessions(connection, session.person_id, wall_now, one=session.id)
        return None
    if wall_now >= session.opened_at + session_lifetime(person.roles):
        return None
    await sessions.use_refresh(connection, digest, wall_now)
    await sessions.touch(connection, session.id, wall_now)
    return await next_tokens(connection, session, person, tokens, wall_now)
