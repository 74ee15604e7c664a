"""Which change of address a mailed link is for, if it is good."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import AccountToken, TokenPurpose, check_token
from identity.domain.email_changes import EmailChangeStatus, status_at
from identity.domain.refusals import InvalidToken
from identity.persistence import email_changes, people, sessions
from identity.persistence.records import EmailChangeRecord, PersonRecord
from identity.persistence.secrets import secret_digest


async def open_email_change(
    connection: AsyncConnection, secret: str, purpose: TokenPurpose, wall_now: datetime
) -> tuple[PersonRecord, EmailChangeRecord] | InvalidToken:
    """The person and their open change, both locked; the link is used up."""
    digest = secret_digest(secret)
    found = await sessions.find_token(connection, digest)
    person = await people.lock(connection, found.person_id) if found else None
    # The person first, as whoever asks and cancels does: two that lock the other way round would wait for each other.
    token = await sessions.lock_token(connection, digest)
    known = AccountToken(token.purpose, token.expires_at, token.used_at) if token else None
    if check_token(known, purpose, wall_now) is not None or person is None or not person.is_active:
        return InvalidToken()
    change = await email_changes.lock_open(connection, person.id)
    if change is None or status_at(change.status, change.expires_at, wall_now) is EmailChangeStatus.EXPIRED:
        return InvalidToken()
    await sessions.use_token(connection, digest, wall_now)
    return person, change
