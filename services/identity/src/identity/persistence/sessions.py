"""Statements on one-shot tokens, sessions, and attempts to sign in."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables as chassis_tables
from chassis.kept import Aggregates, Kept
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
_CLOSE = (
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("session"), sessions.c.closed_at.is_(None))
    .values(closed_at=sa.bindparam("at"))
)
_CLOSE_ALL = (
    sa.update(sessions)
    .where(sessions.c.person_id == sa.bindparam("person"), sessions.c.closed_at.is_(None))
    .values(closed_at=sa.bindparam("at"))
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


async def close_session(connection: AsyncConnection, session_id: UUID, now: datetime) -> None:
    await connection.execute(_CLOSE, {"session": session_id, "at": now})


async def close_all(connection: AsyncConnection, person_id: UUID, now: datetime) -> None:
    """Close every session of a person: no refresh token of theirs is good any more."""
    await connection.execute(_CLOSE_ALL, {"person": person_id, "at": now})


async def lock_refresh(connection: AsyncConnection, digest: bytes) -> RefreshTokenRecord | None:
    return await _REFRESH_TOKENS.one(connection, _REFRESH, token_digest=digest)


async def use_refresh(connection: AsyncConnection, digest: bytes, now: datetime) -> None:
    await connection.execute(_USE_REFRESH, {"token_digest": digest, "at": now})


async def forgive(connection: AsyncConnection, *buckets: str) -> None:
    """Take one attempt back: only those that fail count. Earlier failures stay counted."""
    await connection.execute(_FORGIVE, {"buckets": list(buckets)})
