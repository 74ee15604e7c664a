"""Choose a new password behind the mailed link, which proves the mailbox and is good once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.sealed import Sealer
from identity.domain.account_tokens import AccountToken, TokenPurpose, check_token
from identity.domain.refusals import InvalidToken
from identity.domain.roles import may_reset_password
from identity.persistence import people, sessions
from identity.persistence.records import PersonRecord
from identity.persistence.secrets import secret_digest
from identity.usecases.replace_password import replace_password

ResetPasswordRefusal = InvalidToken


async def reset_password(
    connection: AsyncConnection, secret: str, password_hash: str, wall_now: datetime, sealer: Sealer
) -> PersonRecord | ResetPasswordRefusal:
    """The person, with the new password; no session of theirs is left."""
    digest = secret_digest(secret)
    token = await sessions.lock_token(connection, digest)
    known = AccountToken(token.purpose, token.expires_at, token.used_at) if token else None
    refused = check_token(known, TokenPurpose.RESET_PASSWORD, wall_now)
    person = await people.lock(connection, token.person_id) if token else None
    if refused is not None or person is None or not person.is_active or not may_reset_password(person.roles):
        return InvalidToken()
    await sessions.use_token(connection, digest, wall_now)
    return await replace_password(connection, person, password_hash, wall_now, sealer)
