"""Ask for another address, from the account, by its password: the old mailbox is asked first."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.refusals import Refusal
from identity.domain.email_changes import LIFETIME, EmailChangeStatus, check_email_change
from identity.domain.refusals import EmailOfTheTeam, InvalidCredentials, SameEmail, TooManyEmailChanges
from identity.persistence import email_changes
from identity.persistence.mail_gate import MailGate
from identity.persistence.records import EmailChangeRecord, PersonRecord
from identity.usecases.close_email_change import close_email_change
from identity.usecases.prove_password import still_proved

RequestEmailChangeRefusal = InvalidCredentials | EmailOfTheTeam | SameEmail | TooManyEmailChanges


async def request_email_change(
    connection: AsyncConnection,
    person: PersonRecord,
    new_email: str,
    session_id: UUID | None,
    wall_now: datetime,
    mails: MailGate,
) -> EmailChangeRecord | RequestEmailChangeRefusal:
    """The change, which waits for the old mailbox; one that was open before is cancelled.

    The password was right for `person` as they were read. Whether somebody has the new address is not looked
    at: nothing here may depend on it.
    """
    locked = await still_proved(connection, person)
    if isinstance(locked, Refusal):
        return locked
    refused = check_email_change(locked.roles, locked.email, new_email)
    if refused is not None:
        return refused
    await close_email_change(connection, person.id)
    change = EmailChangeRecord(
        id=new_id(),
        person_id=person.id,
        session_id=session_id,
        old_email=locked.email,
        new_email=new_email,
        status=EmailChangeStatus.ASKED,
        asked_at=wall_now,
        expires_at=wall_now + LIFETIME,
    )
    await email_changes.add(connection, change)
    payload = {"person_id": str(person.id), "change_id": str(change.id)}
    if not await mails.owe(connection, locked.email, "email_change_asked", payload, wall_now):
        return TooManyEmailChanges()
    return change
