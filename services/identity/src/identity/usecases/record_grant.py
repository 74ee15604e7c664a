"""Write what was decided on a credit: a new grant, or a larger one, and publish it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.ids import new_id
from identity.domain.granting import NewGrant, ToppedUp
from identity.domain.grants import Grant, caps_of
from identity.messages import grant as grant_message
from identity.persistence import grants
from identity.persistence.records import GrantRecord


async def record_grant(
    connection: AsyncConnection,
    person_id: UUID,
    department: str | None,
    decision: NewGrant | ToppedUp,
    now: datetime,
) -> GrantRecord:
    """The grant. The person must be locked: no other grant of theirs is written meanwhile.

    A grant that is replaced ends now; the new one names it, so that its leftover can be moved.
    """
    held = {row.grant: row for row in await grants.of_person(connection, person_id)}
    if isinstance(decision, ToppedUp):
        larger = replace(
            held[decision.previous],
            amount_cents=decision.grant.amount_cents,
            top_ups=decision.grant.top_ups,
            expires_at=decision.grant.expires_at,
        )
        row = await grants.save(connection, larger)
        await outbox.emit(connection, [grant_message.event(row, "topped_up")])
        added_cents = sum(top_up.amount_cents for top_up in decision.top_ups)
    else:
        row = await _give(connection, person_id, department, decision, held, now)
        added_cents = row.amount_cents
    payload = {"person_id": str(person_id), "grant_id": str(row.id), "added_cents": added_cents}
    await mail.enqueue(connection, "credit_granted", payload)
    return row


async def _give(
    connection: AsyncConnection,
    person_id: UUID,
    department: str | None,
    decision: NewGrant,
    held: Mapping[Grant, GrantRecord],
    now: datetime,
) -> GrantRecord:
    """A new grant, with the caps of its date and of the person's département."""
    replaced = held[decision.replaces] if decision.replaces else None
    grant = decision.grant
    digital_cap_cents, physical_cap_cents = caps_of(grant.kind, grant.granted_at, department)
    row = GrantRecord(
        id=new_id(),
        person_id=person_id,
        kind=grant.kind,
        family=grant.family,
        amount_cents=grant.amount_cents,
        digital_cap_cents=digital_cap_cents,
        physical_cap_cents=physical_cap_cents,
        granted_at=grant.granted_at,
        expires_at=grant.expires_at,
        top_ups=grant.top_ups,
        replaces_grant_id=replaced.id if replaced else None,
    )
    await grants.add(connection, row)
    # The new grant is published first: whoever reads both never sees a person without a credit.
    await outbox.emit(connection, [grant_message.event(row, "granted")])
    if replaced is not None:
        ended = await grants.save(connection, replace(replaced, expires_at=now))
        await outbox.emit(connection, [grant_message.event(ended, "replaced")])
    return row
