"""Confirm an e-mail address with the secret of the mailed link."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.sealed import Sealer
from identity.domain.account_tokens import AccountToken, TokenPurpose, check_token
from identity.domain.refusals import InvalidToken
from identity.messages import person as person_message
from identity.persistence import people, sessions
from identity.persistence.records import PersonRecord
from identity.persistence.secrets import secret_digest

ConfirmEmailRefusal = InvalidToken


async def confirm_email(
    connection: AsyncConnection, secret: str, wall_now: datetime, now: datetime, sealer: Sealer
) -> PersonRecord | ConfirmEmailRefusal:
    """The person, confirmed. The link's age is judged by the wall clock, the act dated by the business clock."""
    digest = secret_digest(secret)
    token = await sessions.lock_token(connection, digest)
    known = AccountToken(token.purpose, token.expires_at, token.used_at) if token else None
    refusal = check_token(known, TokenPurpose.CONFIRM_EMAIL, wall_now)
    if refusal is not None or token is None:
        return InvalidToken()
    await sessions.use_token(connection, digest, wall_now)
    person = await people.lock(connection, token.person_id)
    assert person is not None
    if person.email_confirmed_at is None:
        person = await people.save(connection, replace(person, email_confirmed_at=now))
        await outbox.emit(connection, [person_message.event(person, sealer, "email_confirmed")])
    return person
