"""Reject a person's identity check: no credit, and a mail that says so; a new check may be handed in."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from identity.domain.file_steps import CheckStatus
from identity.domain.refusals import DecidesForThemselves, IdentityCheckMoveRefused, PersonNotFound
from identity.domain.separation import check_may_decide
from identity.persistence import identity_checks, people
from identity.persistence.records import IdentityCheckRecord

RejectIdentityCheckRefusal = PersonNotFound | DecidesForThemselves | IdentityCheckMoveRefused


async def reject_identity_check(
    connection: AsyncConnection, person_id: UUID, decider_id: UUID, now: datetime
) -> IdentityCheckRecord | RejectIdentityCheckRefusal:
    """The check, decided."""
    if await people.lock(connection, person_id) is None:
        return PersonNotFound()
    if (own := check_may_decide(decider_id, [person_id])) is not None:
        return own
    check = await identity_checks.latest(connection, person_id)
    if check is None or check.status != CheckStatus.PENDING:
        return IdentityCheckMoveRefused(check.status if check else "none", "reject")
    rejected = replace(check, status=CheckStatus.REJECTED, decided_at=now)
    await identity_checks.save(connection, rejected)
    await mail.enqueue(connection, "identity_check_rejected", {"person_id": str(person_id)})
    return rejected
