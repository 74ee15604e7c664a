"""Confirm an e-mail address with the secret of the mailed link."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.sealed import Sealer
from identity.domain.account_tokens import AccountToken, TokenPurpose, check_token
from identity.domain.refusals import InvalidToken
from identity.persistence import sessions
from identity.persistence.changing import change, lock
from identity.persistence.event_states import person_event
from identity.persistence.secrets import secret_digest
from identity.persistence.tables import persons


async def confirm_email(
    connection: AsyncConnection, secret: str, wall_now: datetime, now: datetime, sealer: Sealer
) -> sa.Row[Any] | InvalidToken:
    """The person, confirmed. The link's age is judged by the wall clock, the act dated by the business clock."""
    digest = secret_digest(secret)
    row = await sessions.lock_token(connection, digest)
    token = AccountToken(TokenPurpose(row.purpose), row.expires_at, row.used_at) if row else None
    refusal = check_token(token, TokenPurpose.CONFIRM_EMAIL, wall_now)
    if refusal is not None or row is None:
        return InvalidToken()
    await sessions.use_token(connection, digest, wall_now)
    person = await lock(connection, persons, row.person_id)
    assert person is not None
    if person.email_confirmed_at is None:
        person = await change(connection, persons, person.id, email_confirmed_at=now)
        await outbox.emit(connection, [person_event(person, sealer, "email_confirmed")])
    return person
