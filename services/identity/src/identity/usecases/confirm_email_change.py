"""Agree to another address in the old mailbox: the new one is asked now."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import TokenPurpose
from identity.domain.email_changes import LIFETIME, EmailChangeStatus
from identity.domain.refusals import InvalidToken
from identity.persistence import email_changes, people
from identity.persistence.mail_gate import MailGate
from identity.persistence.records import EmailChangeRecord
from identity.usecases.open_email_change import open_email_change

ConfirmEmailChangeRefusal = InvalidToken


async def confirm_email_change(
    connection: AsyncConnection, secret: str, wall_now: datetime, mails: MailGate
) -> EmailChangeRecord | ConfirmEmailChangeRefusal:
    """The change, which waits for the new mailbox. An address with an account gets a mail that says so, and no link."""
    opened = await open_email_change(connection, secret, TokenPurpose.CHANGE_EMAIL, wall_now)
    if isinstance(opened, InvalidToken):
        return opened
    person, change = opened
    confirmed = await email_changes.save(
        connection, replace(change, status=EmailChangeStatus.CONFIRMED, expires_at=wall_now + LIFETIME)
    )
    holder = await people.find_by_email(connection, change.new_email)
    if holder is not None and holder.email_confirmed_at is not None:
        await mails.owe(connection, holder.email, "email_is_taken", {"person_id": str(holder.id)}, wall_now)
    else:
        payload = {"person_id": str(person.id), "change_id": str(change.id)}
        await mails.owe(connection, change.new_email, "email_change_confirmed", payload, wall_now)
    return confirmed
