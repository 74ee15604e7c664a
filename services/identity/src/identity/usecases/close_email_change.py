"""End the change of address that is open: none of its links is good any more."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.account_tokens import TokenPurpose
from identity.domain.email_changes import EmailChangeStatus
from identity.persistence import email_changes, sessions
from identity.persistence.records import EmailChangeRecord

_LINKS = (TokenPurpose.CHANGE_EMAIL, TokenPurpose.CANCEL_EMAIL_CHANGE, TokenPurpose.PROVE_EMAIL)


async def close_email_change(
    connection: AsyncConnection,
    person_id: UUID,
    status: EmailChangeStatus = EmailChangeStatus.CANCELLED,
) -> EmailChangeRecord | None:
    """The change as it ended; None when none was open. The person must be locked."""
    change = await email_changes.lock_open(connection, person_id)
    for purpose in _LINKS:
        await sessions.void_tokens(connection, person_id, purpose)
    return None if change is None else await email_changes.save(connection, replace(change, status=status))
