"""Ask for a link by which a forgotten password is replaced, without ever telling which addresses are known."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from identity.persistence.mail_gate import MailGate


@dataclass(frozen=True, slots=True)
class PasswordResetAsked:
    """`id` is fresh, and leads nowhere: the same for any address."""

    id: UUID


async def request_password_reset(
    connection: AsyncConnection, email: str, wall_now: datetime, mails: MailGate
) -> PasswordResetAsked:
    """Owe a mail, to whoever has the address: who that is, and whether it is written at all, is seen when it is sent.

    Here the same is done for any address, so that the time it takes tells nothing. Of one that nobody has the mail is
    for nobody. Whoever has not confirmed their address signs up again. The team's accounts are not opened by a mailbox:
    `job create-staff` gives them a password.
    """
    await mails.owe_to_whoever(connection, email, "new_password", wall_now)
    return PasswordResetAsked(new_id())
