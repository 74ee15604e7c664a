"""Reject a person's identity check: no credit, and a mail that says so; a new check may be handed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from identity.domain.file_steps import CheckStatus
from identity.domain.refusals import IdentityCheckMoveRefused
from identity.persistence import identity_checks
from identity.persistence.changing import lock
from identity.persistence.tables import persons
from identity.usecases.unknown import Unknown


async def reject_identity_check(
    connection: AsyncConnection, person_id: UUID, now: datetime
) -> dict[str, Any] | IdentityCheckMoveRefused:
    """The person's id. Raises Unknown."""
    if await lock(connection, persons, person_id) is None:
        raise Unknown
    check = await identity_checks.latest(connection, person_id)
    if check is None or check.status != CheckStatus.PENDING:
        return IdentityCheckMoveRefused(check.status if check else "none", "reject")
    await identity_checks.decide(connection, check.id, CheckStatus.REJECTED, now)
    await mail.enqueue(connection, "identity_check_rejected", {"person_id": str(person_id)})
    return {"person_id": str(person_id)}
