"""Write what was decided on a credit: a new grant, or a larger one, and tell it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from identity.domain.granting import NewGrant, ToppedUp
from identity.domain.grants import Grant
from identity.persistence import grants
from identity.persistence.event_states import grant_event


async def record_grant(
    connection: AsyncConnection,
    person_id: UUID,
    department: str | None,
    decision: NewGrant | ToppedUp,
    now: datetime,
) -> sa.Row[Any]:
    """The grant's row. The person must be locked: no other grant of theirs is written meanwhile.

    A grant that is replaced ends now; the new one names it, so that its leftover can be moved.
    """
    ids = {grants.grant_of(row): row.id for row in await grants.rows_of(connection, person_id)}
    if isinstance(decision, ToppedUp):
        row = await grants.save(connection, ids[decision.previous], decision.grant)
        await outbox.emit(connection, [grant_event(row, "topped_up")])
        added_cents = sum(top_up.amount_cents for top_up in decision.top_ups)
    else:
        row = await _give(connection, person_id, department, decision, ids, now)
        added_cents = row.amount_cents
    payload = {"person_id": str(person_id), "grant_id": str(row.id), "added_cents": added_cents}
    await mail.enqueue(connection, "credit_granted", payload)
    return row


async def _give(
    connection: AsyncConnection,
    person_id: UUID,
    department: str | None,
    decision: NewGrant,
    ids: Mapping[Grant, UUID],
    now: datetime,
) -> sa.Row[Any]:
    replaced = ids[decision.replaces] if decision.replaces else None
    row = await grants.add(connection, person_id, department, decision.grant, replaced)
    # The new grant is told first: whoever reads both never sees a person without a credit.
    await outbox.emit(connection, [grant_event(row, "granted")])
    if decision.replaces is not None and replaced is not None:
        ended = await grants.save(connection, replaced, replace(decision.replaces, expires_at=now))
        await outbox.emit(connection, [grant_event(ended, "replaced")])
    return row
