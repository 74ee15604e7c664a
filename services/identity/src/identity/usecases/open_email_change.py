"""Which change of address a mailed link is for, if it is good."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import TokenPurpose
from identity.domain.email_changes import EmailChangeStatus, status_at
from identity.domain.refusals import InvalidToken
from identity.persistence import email_changes, sessions
from identity.persistence.records import EmailChangeRecord, PersonRecord
from identity.persistence.secrets import secret_digest
from identity.usecases.lock_link import lock_link


async def open_email_change(
    connection: AsyncConnection, secret: str, purpose: TokenPurpose, wall_now: datetime
) -> tuple[PersonRecord, EmailChangeRecord] | InvalidToken:
    """The person and their open change, both locked; the link is used up."""
    person = await lock_link(connection, secret, purpose, wall_now)
    if isinstance(person, InvalidToken):
        return person
    change = await email_changes.lock_open(connection, person.id)
    if change is None or status_at(change.status, change.expires_at, wall_now) is EmailChangeStatus.EXPIRED:
        return InvalidToken()
    await sessions.use_token(connection, secret_digest(secret), wall_now)
    return person, change
