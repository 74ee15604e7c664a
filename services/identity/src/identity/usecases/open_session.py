"""Sessions: a refresh token that is good once, and the access tokens it buys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from identity.domain.account_tokens import REFRESH_LIFETIME
from identity.domain.attachments import enters_portal
from identity.domain.roles import Role, session_roles
from identity.persistence import sessions, structures
from identity.persistence.secrets import new_secret, secret_digest
from identity.signing import AccessTokens


@dataclass(frozen=True, slots=True)
class OpenedSession:
    access_token: str
    refresh_token: str
    expires_in_seconds: int
    person: sa.Row[Any]


async def open_session(
    connection: AsyncConnection, person: sa.Row[Any], tokens: AccessTokens, wall_now: datetime
) -> OpenedSession:
    """A new session of a person who has just proved who they are."""
    session_id = new_id()
    await sessions.open_session(connection, session_id, person.id, wall_now)
    return await next_tokens(connection, session_id, person, tokens, wall_now)


async def next_tokens(
    connection: AsyncConnection,
    session_id: UUID,
    person: sa.Row[Any],
    tokens: AccessTokens,
    wall_now: datetime,
) -> OpenedSession:
    """The next pair of tokens of a session, with the roles and structures of this moment."""
    secret = new_secret()
    await sessions.add_refresh(connection, secret_digest(secret), session_id, wall_now + REFRESH_LIFETIME)
    attached = await structures.attached(connection, person.id)
    access = tokens.sign(
        person.id,
        session_roles(frozenset(map(Role, person.roles)), attached.values()),
        [structure_id for structure_id, (_, attachment) in attached.items() if enters_portal(attachment)],
    )
    return OpenedSession(access, secret, tokens.lifetime_seconds, person)
