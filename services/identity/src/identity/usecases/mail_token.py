"""Make the secret of a mailed link, at the moment the mail is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import TokenPurpose, lifetime_of
from identity.persistence import sessions
from identity.persistence.records import AccountTokenRecord, SignUpFormRecord
from identity.persistence.secrets import new_secret, secret_digest


@dataclass(frozen=True, slots=True)
class MailedToken:
    secret: str
    lifetime: timedelta


async def mail_token(
    connection: AsyncConnection,
    person_id: UUID,
    purpose: TokenPurpose,
    wall_now: datetime,
    form: SignUpFormRecord | None = None,
) -> MailedToken:
    """A fresh secret, of which only the digest is kept; earlier ones of its purpose, and form, are void."""
    secret = new_secret()
    is_pro = form is not None and form.structure_id is not None
    lifetime = lifetime_of(purpose, wall_now, is_pro=is_pro)
    token = AccountTokenRecord(
        digest=secret_digest(secret),
        person_id=person_id,
        purpose=purpose,
        form_id=form.id if form else None,
        expires_at=wall_now + lifetime,
    )
    await sessions.add_token(connection, token)
    return MailedToken(secret, lifetime)
