"""Choose a new password behind the mailed link, which proves the mailbox and is good once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.sealed import Sealer
from identity.domain.account_tokens import TokenPurpose
from identity.domain.refusals import InvalidToken
from identity.domain.roles import may_reset_password
from identity.persistence import sessions
from identity.persistence.records import PersonRecord
from identity.persistence.secrets import secret_digest
from identity.usecases.lock_link import lock_link
from identity.usecases.replace_password import replace_password

ResetPasswordRefusal = InvalidToken


async def reset_password(
    connection: AsyncConnection, secret: str, password_hash: str, wall_now: datetime, sealer: Sealer
) -> PersonRecord | ResetPasswordRefusal:
    """The person, with the new password; no session of theirs is left."""
    person = await lock_link(connection, secret, TokenPurpose.RESET_PASSWORD, wall_now)
    if isinstance(person, InvalidToken) or not may_reset_password(person.roles):
        return InvalidToken()
    await sessions.use_token(connection, secret_digest(secret), wall_now)
    return await replace_password(connection, person, password_hash, wall_now, sealer)
