"""Sessions: a refresh token that is good once, and the access tokens it buys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from identity.domain.account_tokens import REFRESH_LIFETIME
from identity.domain.factors import PASSWORD_ALONE, Method
from identity.domain.roles import session_lifetime, session_roles, session_structures
from identity.persistence import attachments, sessions
from identity.persistence.records import PersonRecord, RefreshTokenRecord, SessionRecord
from identity.persistence.secrets import new_secret, secret_digest
from identity.signing import AccessTokens


@dataclass(frozen=True, slots=True)
class OpenedSession:
    access_token: str
    refresh_token: str
    expires_in_seconds: int
    person: PersonRecord


async def open_session(
    connection: AsyncConnection,
    person: PersonRecord,
    tokens: AccessTokens,
    wall_now: datetime,
    methods: frozenset[Method] = PASSWORD_ALONE,
) -> OpenedSession:
    """A new session of a person who has just proved by `methods` who they are."""
    session = SessionRecord(
        id=new_id(), person_id=person.id, opened_at=wall_now, last_used_at=wall_now, methods=methods
    )
    await sessions.add_session(connection, session)
    return await next_tokens(connection, session, person, tokens, wall_now)


async def next_tokens(
    connection: AsyncConnection,
    session: SessionRecord,
    person: PersonRecord,
    tokens: AccessTokens,
    wall_now: datetime,
) -> OpenedSession:
    """The next pair of tokens of a session, with the roles and structures of this moment."""
    secret = new_secret()
    refresh = RefreshTokenRecord(
        digest=secret_digest(secret),
        session_id=session.id,
        expires_at=min(wall_now + REFRESH_LIFETIME, session.opened_at + session_lifetime(person.roles)),
    )
    await sessions.add_refresh(connection, refresh)
    attached = await attachments.states_of_person(connection, person.id)
    access = tokens.sign(
        person.id,
        session_roles(person.roles, attached.values()),
        session_structures(person.roles, attached),
        session.id,
        session.methods,
    )
    return OpenedSession(access, secret, tokens.lifetime_seconds, person)
