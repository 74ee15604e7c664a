"""Whose a mailed link is, if it is good."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import AccountToken, TokenPurpose, check_token
from identity.domain.refusals import InvalidToken
from identity.persistence import people, sessions
from identity.persistence.records import PersonRecord
from identity.persistence.secrets import secret_digest


async def lock_link(
    connection: AsyncConnection, secret: str, purpose: TokenPurpose, wall_now: datetime
) -> PersonRecord | InvalidToken:
    """The person of a good link, and the link, both locked. It is used up by whoever does what it is for.

    The person first, as whatever voids links does: two that lock the other way round would wait for each other.
    """
    digest = secret_digest(secret)
    found = await sessions.find_token(connection, digest)
    person = await people.lock(connection, found.person_id) if found else None
    token = await sessions.lock_token(connection, digest)
    known = AccountToken(token.purpose, token.expires_at, token.used_at) if token else None
    if check_token(known, purpose, wall_now) is not None or person is None or not person.is_active:
        return InvalidToken()
    return person
