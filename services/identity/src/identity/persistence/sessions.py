"""Statements on one-shot tokens, sessions, and attempts to sign in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables as chassis_tables
from chassis.cursors import Window
from chassis.kept import Aggregates, Kept
from chassis.keyset import Order, windowed
from identity.domain.account_tokens import TokenPurpose
from identity.persistence.records import AccountTokenRecord, RefreshTokenRecord, SessionRecord
from identity.persistence.tables import account_tokens, refresh_tokens, sessions

_TOKENS = Kept(account_tokens, AccountTokenRecord)
_SESSIONS = Aggregates(sessions, SessionRecord)
_REFRESH_TOKENS = Kept(refresh_tokens, RefreshTokenRecord)
add_session, lock_session, add_refresh = _SESSIONS.add, _SESSIONS.lock, _REFRESH_TOKENS.add

_throttles = chassis_tables.throttles
_UNUSED = sa.and_(
    account_tokens.c.person_id == sa.bindparam("person"),
    account_tokens.c.purpose == sa.bindparam("of_purpose"),
    account_tokens.c.used_at.is_(None),
)
_SUPERSEDE = sa.delete(account_tokens).where(
    _UNUSED, account_tokens.c.form_id.is_not_distinct_from(sa.bindparam("form", type_=sa.Uuid))
)
_VOID = sa.delete(account_tokens).where(_UNUSED)
_VOID_ALL = sa.delete(account_tokens).where(
    account_tokens.c.person_id == sa.bindparam("person"), account_tokens.c.used_at.is_(None)
)
_TOKEN = _TOKENS.select.where(account_tokens.c.digest == sa.bindparam("token_digest"))
_TOKEN_LOCKED = _TOKEN.with_for_update()
_USE_TOKEN = (
    sa.update(account_tokens)
    .where(account_tokens.c.digest == sa.bindparam("token_digest"))
    .values(used_at=sa.bindparam("at"))
)
_OPEN = sessions.c.closed_at.is_(None)
_CLOSE = (
    sa.update(sessions)
    .where(
        _OPEN,
        sessions.c.person_id == sa.bindparam("person"),
        sa.or_(sa.bindparam("one", type_=sa.Uuid).is_(None), sessions.c.id == sa.bindparam("one")),
        sessions.c.id.is_distinct_from(sa.bindparam("but", type_=sa.Uuid)),
    )
    .values(closed_at=sa.bindparam("at"), changed_at=sa.func.now())
    .returning(*_SESSIONS.columns)
)
_REFRESHABLE = _SESSIONS.select.where(
    _OPEN,
    sessions.c.person_id == sa.bindparam("person"),
    sa.exists().where(
        refresh_tokens.c.session_id == sessions.c.id,
        refresh_tokens.c.used_at.is_(None),
        refresh_tokens.c.expires_at >= sa.bindparam("at"),
    ),
)
_TOUCH = (
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("session"))
    .values(last_used_at=sa.bindparam("at"))
)
_REFRESH = _REFRESH_TOKENS.select.where(
    refresh_tokens.c.digest == sa.bindparam("token_digest")
).with_for_update()
_USE_REFRESH = (
    sa.update(refresh_tokens)
    .where(refresh_tokens.c.digest == sa.bindparam("token_digest"))
    .values(used_at=sa.bindparam("at"))
)
_FORGIVE = (
    sa.update(_throttles)
    .where(_throttles.c.bucket.in_(sa.bindparam("buckets", expanding=True)), _throttles.c.hits > 0)
    .values(hits=_throttles.c.hits - 1)
)


async def add_token(connection: AsyncConnection, token: AccountTokenRecord) -> None:
    """Remember a token that is about to be mailed; earlier ones of its purpose and form are void."""
    superseded = {"person": token.person_id, "of_purpose": token.purpose, "form": token.form_id}
    await connection.execute(_SUPERSEDE, superseded)
    await _TOKENS.add(connection, token)


async def find_token(connection: AsyncConnection, digest: bytes) -> AccountTokenRecord | None:
    return await _TOKENS.one(connection, _TOKEN, token_digest=digest)


async def lock_token(connection: AsyncConnection, digest: bytes) -> AccountTokenRecord | None:
    return await _TOKENS.one(connection, _TOKEN_LOCKED, token_digest=digest)


async def void_tokens(connection: AsyncConnection, person_id: UUID, purpose: TokenPurpose) -> None:
    """None of a person's links of this purpose is good any more."""
    await connection.execute(_VOID, {"person": person_id, "of_purpose": purpose})


async def void_every_token(connection: AsyncConnection, person_id: UUID) -> None:
    """None of a person's links is good any more, whatever it was for."""
    await connection.execute(_VOID_ALL, {"person": person_id})


async def use_token(connection: AsyncConnection, digest: bytes, now: datetime) -> None:
    await connection.execute(_USE_TOKEN, {"token_digest": digest, "at": now})


async def close(
    connection: AsyncConnection,
    person_id: UUID,
    now: datetime,
    *,
    one: UUID | None = None,
    but: UUID | None = None,
) -> list[SessionRecord]:
    """Close one of a person's sessions (None: every one), except `but`: no refresh token of it is good any more."""
    return await _SESSIONS.all(connection, _CLOSE, person=person_id, at=now, one=one, but=but)


async def touch(connection: AsyncConnection, session_id: UUID, now: datetime) -> None:
    """Tokens of it are given."""
    await connection.execute(_TOUCH, {"session": session_id, "at": now})


async def page(
    connection: AsyncConnection, person_id: UUID, now: datetime, window: Window
) -> Sequence[SessionRecord]:
    """A person's sessions that can still be refreshed, the newest first."""
    newest_first = Order(sessions.c.id, descending=True)
    return await _SESSIONS.all(
        connection, windowed(_REFRESHABLE, window, newest_first), person=person_id, at=now
    )


async def lock_refresh(connection: AsyncConnection, digest: bytes) -> RefreshTokenRecord | None:
    return await _REFRESH_TOKENS.one(connection, _REFRESH, token_digest=digest)


async def use_refresh(connection: AsyncConnection, digest: bytes, now: datetime) -> None:
    await connection.execute(_USE_REFRESH, {"token_digest": digest, "at": now})


async def forgive(connection: AsyncConnection, *buckets: str) -> None:
    """Take one attempt back: only those that fail count. Earlier failures stay counted."""
    await connection.execute(_FORGIVE, {"buckets": list(buckets)})
