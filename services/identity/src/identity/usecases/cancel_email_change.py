"""Cancel the change of address that is open: by the link in the old mailbox, or from the account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import TokenPurpose
from identity.domain.email_changes import EmailChangeStatus, status_at
from identity.domain.refusals import InvalidToken, NoEmailChange
from identity.persistence import email_changes, people
from identity.persistence.records import EmailChangeRecord
from identity.usecases.close_email_change import close_email_change
from identity.usecases.open_email_change import open_email_change

CancelEmailChangeRefusal = InvalidToken | NoEmailChange


async def cancel_email_change_by_link(
    connection: AsyncConnection, secret: str, wall_now: datetime
) -> EmailChangeRecord | CancelEmailChangeRefusal:
    """The change, cancelled by whoever reads the old mailbox, agreed to there or not."""
    opened = await open_email_change(connection, secret, TokenPurpose.CANCEL_EMAIL_CHANGE, wall_now)
    if isinstance(opened, InvalidToken):
        return opened
    person, _ = opened
    return await close_email_change(connection, person.id) or NoEmailChange()


async def cancel_email_change(
    connection: AsyncConnection, person_id: UUID, wall_now: datetime
) -> EmailChangeRecord | CancelEmailChangeRefusal:
    """The change, cancelled by its person, who is signed in."""
    await people.lock(connection, person_id)
    change = await email_changes.lock_open(connection, person_id)
    if change is None or status_at(change.status, change.expires_at, wall_now) is EmailChangeStatus.EXPIRED:
        return NoEmailChange()
    return await close_email_change(connection, person_id) or NoEmailChange()
