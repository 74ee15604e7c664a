"""Have the link that confirms an address mailed again, without ever telling which addresses are known."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from identity.domain.account_tokens import FORMS_RESENT, RESEND_WINDOW, RESENDS
from identity.domain.refusals import NoResendLeft
from identity.persistence import resends, sign_up_forms
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
    """Owe a new link to each of the last forms of an address that nobody has confirmed; to any other nothing.

    Several forms may wait for one address, whoever sent them: a link of only one would leave out the
    others, and nobody is asked here which of them is theirs.
    """
    if not await resends.count(connection, email, mails.digest, wall_now):
        return NoResendLeft(RESENDS)
    for form in await sign_up_forms.waiting_of_address(connection, email, FORMS_RESENT):
        payload = {"person_id": str(form.person_id), "form_id": str(form.id)}
        await mails.owe(connection, email, "confirm_email", payload, wall_now)
    return ConfirmationResent(new_id())


async def resends_left(
    connection: AsyncConnection, email: str, wall_now: datetime, mails: MailGate
) -> ResendsLeft:
    """Of an address, known or not."""
    hits, began = await resends.counted(connection, email, mails.digest, wall_now)
    return ResendsLeft(max(RESENDS - hits, 0), began + RESEND_WINDOW if began else None)
