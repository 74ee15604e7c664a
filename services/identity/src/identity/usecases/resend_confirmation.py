"""Have the link that confirms an address mailed again, without ever telling which addresses are known."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from identity.domain.account_tokens import RESEND_WINDOW, RESENDS
from identity.domain.refusals import NoResendLeft
from identity.persistence import resends
from identity.persistence.mail_gate import MailGate

ResendConfirmationRefusal = NoResendLeft


@dataclass(frozen=True, slots=True)
class ConfirmationResent:
    """`id` is fresh, and leads nowhere: the same for any address."""

    id: UUID


@dataclass(frozen=True, slots=True)
class ResendsLeft:
    """How often it may still be asked for; `resets_at`: when it may as often as at first, None when it may now."""

    remaining: int
    resets_at: datetime | None


async def resend_confirmation(
    connection: AsyncConnection, email: str, wall_now: datetime, mails: MailGate
) -> ConfirmationResent | ResendConfirmationRefusal:
    """Owe a mail, to whoever has the address: who that is, and what waits there, is seen when it is written.

    Here the same is done for any address, so that the time it takes tells nothing.
    """
    if not await resends.count(connection, email, mails.digest, wall_now):
        return NoResendLeft(RESENDS)
    await mails.owe_to_whoever(connection, email, "confirm_email_again", wall_now)
    return ConfirmationResent(new_id())


async def resends_left(
    connection: AsyncConnection, email: str, wall_now: datetime, mails: MailGate
) -> ResendsLeft:
    """Of an address, known or not."""
    hits, began = await resends.counted(connection, email, mails.digest, wall_now)
    return ResendsLeft(max(RESENDS - hits, 0), began + RESEND_WINDOW if began else None)
