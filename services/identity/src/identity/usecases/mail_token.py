"""Make the secret of a mailed link, at the moment the mail is written."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import LIFETIMES, TokenPurpose
from identity.persistence import sessions
from identity.persistence.records import AccountTokenRecord
from identity.persistence.secrets import new_secret, secret_digest


async def mail_token(
    connection: AsyncConnection, person_id: UUID, purpose: TokenPurpose, wall_now: datetime
) -> str:
    """A fresh secret, of which only the digest is kept; older ones of the same purpose are void."""
    secret = new_secret()
    token = AccountTokenRecord(
        digest=secret_digest(secret),
        person_id=person_id,
        purpose=purpose,
        expires_at=wall_now + LIFETIMES[purpose],
    )
    await sessions.add_token(connection, token)
    return secret
