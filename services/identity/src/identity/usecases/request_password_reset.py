"""Ask for a link by which a forgotten password is replaced, without ever telling which addresses are known."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from identity.domain.roles import may_reset_password
from identity.persistence import people
from identity.persistence.mail_gate import MailGate


@dataclass(frozen=True, slots=True)
class PasswordResetAsked:
    """`id` is fresh, and leads nowhere: the same for any address."""

    id: UUID


async def request_password_reset(
    connection: AsyncConnection, email: str, wall_now: datetime, mails: MailGate
) -> PasswordResetAsked:
    """Owe the mail to a confirmed account; to any other address nothing.

    Whoever has not confirmed their address signs up again. The team's accounts are not opened by a mailbox:
    `job create-staff` gives them a password.
    """
    person = await people.find_by_email(connection, email)
    if (
        person is not None
        and person.is_active
        and person.email_confirmed_at is not None
        and may_reset_password(person.roles)
    ):
        await mails.owe(connection, email, "new_password", {"person_id": str(person.id)}, wall_now)
    return PasswordResetAsked(new_id())
