"""Statements on one-shot tokens, sessions, and attempts to sign in."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables as chassis_tables
from identity.persistence.tables import account_tokens, refresh_tokens, sessions

_throttles = chassis_tables.throttles
_ADD_TOKEN = sa.insert(account_tokens)
_SUPERSEDE = sa.delete(account_tokens).where(
    account_tokens.c.person_id == sa.bindparam("person"),
    account_tokens.c.purpose == sa.bindparam("of_purpose"),
    account_tokens.c.used_at.is_(None),
)
_TOKEN = (
    sa.select(account_tokens).where(account_tokens.c.digest == sa.bindparam("token_digest")).with_for_update()
)
_USE_TOKEN = (
    sa.update(account_tokens)
    .where(account_tokens.c.digest == sa.bindparam("token_digest"))
    .values(used_at=sa.bindparam("at"))
)
_OPEN = sa.insert(sessions)
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
_ADD_REFRESH = sa.insert(refresh_tokens)
_REFRESH = (
    sa.select(refresh_tokens, sessions.c.person_id, sessions.c.closed_at)
    .join(sessions, sessions.c.id == refresh_tokens.c.session_id)
    .where(refresh_tokens.c.digest == sa.bindparam("token_digest"))
    .with_for_update()
)
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


async def add_token(
    connection: AsyncConnection, digest: bytes, person_id: UUID, purpose: str, expires_at: datetime
) -> None:
    """Remember a token that is about to be mailed; those of the same purpose not used yet are void."""
    await connection.execute(_SUPERSEDE, {"person": person_id, "of_purpose": purpose})
    await connection.execute(
        _ADD_TOKEN, {"digest": digest, "person_id": person_id, "purpose": purpose, "expires_at": expires_at}
    )


async def lock_token(connection: AsyncConnection, digest: bytes) -> sa.Row[Any] | None:
    return (await connection.execute(_TOKEN, {"token_digest": digest})).one_or_none()


async def use_token(connection: AsyncConnection, digest: bytes, now: datetime) -> None:
    await connection.execute(_USE_TOKEN, {"token_digest": digest, "at": now})


async def open_session(connection: AsyncConnection, session_id: UUID, person_id: UUID, now: datetime) -> None:
    await connection.execute(_OPEN, {"id": session_id, "person_id": person_id, "opened_at": now})


async def close_session(connection: AsyncConnection, session_id: UUID, now: datetime) -> None:
    await connection.execute(_CLOSE, {"session": session_id, "at": now})


async def close_all(connection: AsyncConnection, person_id: UUID, now: datetime) -> None:
    """Close every session of a person: no refresh token of theirs is good any more."""
    await connection.execute(_CLOSE_ALL, {"person": person_id, "at": now})


async def add_refresh(
    connection: AsyncConnection, digest: bytes, session_id: UUID, expires_at: datetime
) -> None:
    await connection.execute(
        _ADD_REFRESH, {"digest": digest, "session_id": session_id, "expires_at": expires_at}
    )


async def lock_refresh(connection: AsyncConnection, digest: bytes) -> sa.Row[Any] | None:
    """A refresh token with its session's `person_id` and `closed_at`, both locked."""
    return (await connection.execute(_REFRESH, {"token_digest": digest})).one_or_none()


async def use_refresh(connection: AsyncConnection, digest: bytes, now: datetime) -> None:
    await connection.execute(_USE_REFRESH, {"token_digest": digest, "at": now})


async def forgive(connection: AsyncConnection, *buckets: str) -> None:
    """Take one attempt back: only those that fail count. Earlier failures stay counted."""
    await connection.execute(_FORGIVE, {"buckets": list(buckets)})
