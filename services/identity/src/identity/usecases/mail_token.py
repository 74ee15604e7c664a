"""Make the secret of a mailed link, at the moment the mail is written."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import TokenPurpose, lifetime_of
from identity.persistence import sessions
from identity.persistence.records import AccountTokenRecord, SignUpFormRecord
from identity.persistence.secrets import new_secret, secret_digest


async def mail_token(
    connection: AsyncConnection, form: SignUpFormRecord, purpose: TokenPurpose, wall_now: datetime
) -> str:
    """A fresh secret for one form, of which only the digest is kept; earlier ones of that form are void."""
    secret = new_secret()
    token = AccountTokenRecord(
        digest=secret_digest(secret),
        person_id=form.person_id,
        purpose=purpose,
        form_id=form.id,
        expires_at=wall_now + lifetime_of(purpose, wall_now, is_pro=form.structure_id is not None),
    )
    await sessions.add_token(connection, token)
    return secret
