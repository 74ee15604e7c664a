"""Prove the new mailbox: the account is at its new address from now on."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.db import constraint
from chassis.sealed import Sealer
from identity.domain.account_tokens import TokenPurpose
from identity.domain.email_changes import EmailChangeStatus
from identity.domain.refusals import InvalidToken
from identity.messages import person as person_message
from identity.persistence import people, sessions
from identity.persistence.records import EmailChangeRecord
from identity.usecases.close_email_change import close_email_change
from identity.usecases.end_sessions import end_sessions
from identity.usecases.open_email_change import open_email_change

ApplyEmailChangeRefusal = InvalidToken


async def apply_email_change(
    connection: AsyncConnection, secret: str, wall_now: datetime, sealer: Sealer
) -> EmailChangeRecord | ApplyEmailChangeRefusal:
    """The change, done. Of the person's sessions the one that asked goes on, if it is still open.

    An address that somebody has signed up with and nobody has confirmed is nobody's: that account gives it up
    to whoever has the mailbox. One that was confirmed meanwhile keeps it.
    """
    opened = await open_email_change(connection, secret, TokenPurpose.PROVE_EMAIL, wall_now)
    if isinstance(opened, InvalidToken):
        return opened
    person, change = opened
    if change.status is not EmailChangeStatus.CONFIRMED:
        return InvalidToken()
    holder = await people.find_by_email(connection, change.new_email)
    if holder is not None:
        held = await people.lock(connection, holder.id)
        if held is None or held.email_confirmed_at is not None:
            return InvalidToken()
        released = await people.save(connection, replace(held, email=people.nobodys_email(held.id)))
        await sessions.void_every_token(connection, held.id)
        await outbox.emit(connection, [person_message.event(released, sealer, "email_released")])
    try:
        moved = await people.save(connection, replace(person, email=change.new_email))
    except IntegrityError as error:
        if constraint(error) != "persons_email_key":
            raise
        return InvalidToken()
    done = await close_email_change(connection, person.id, EmailChangeStatus.APPLIED)
    assert done is not None, "it is locked and open"
    await sessions.void_tokens(connection, person.id, TokenPurpose.RESET_PASSWORD)
    await end_sessions(connection, person.id, wall_now, but=change.session_id)
    await mail.enqueue(
        connection, "email_changed", {"person_id": str(person.id), "change_id": str(change.id)}
    )
    await outbox.emit(connection, [person_message.event(moved, sealer, "email_changed")])
    return done
