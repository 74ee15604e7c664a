"""Validate or reject a colleague's request: by the team, or by somebody who administers the structure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.administration import FIRST_COMER, Right, administers
from identity.domain.attachments import AttachmentEvent, AttachmentStatus, move
from identity.persistence import structures as structure_rows
from identity.persistence.changing import change, lock
from identity.persistence.event_states import attachment_event
from identity.persistence.tables import attachments, persons
from identity.usecases.keep_roles import keep_roles
from identity.usecases.unknown import Unknown


async def decide_attachment(
    connection: AsyncConnection,
    attachment_id: UUID,
    event: AttachmentEvent,
    decider_id: UUID | None,
    now: datetime,
    sealer: Sealer,
) -> dict[str, Any] | Refusal:
    """The attachment's id once it has moved; `decider_id` None: the team.

    Raises Unknown, also for somebody who does not administer the structure: a stranger does not
    learn that the request exists.
    """
    attachment = await lock(connection, attachments, attachment_id)
    if attachment is None:
        raise Unknown
    if decider_id is not None:
        own = await structure_rows.attachment_between(connection, decider_id, attachment.structure_id)
        if own is None or own.id == attachment_id or not _administers(own, now):
            raise Unknown
    status = move(AttachmentStatus(attachment.status), event)
    if isinstance(status, Refusal):
        return status
    changed = await change(connection, attachments, attachment_id, status=status)
    await outbox.emit(connection, [attachment_event(changed, status)])
    person = await lock(connection, persons, attachment.person_id)
    assert person is not None
    await keep_roles(connection, person, sealer)
    payload = {"person_id": str(person.id), "structure_id": str(attachment.structure_id)}
    await mail.enqueue(connection, f"attachment_{status}", payload)
    return {"attachment_id": str(attachment_id)}


def _administers(own: Any, now: datetime) -> bool:
    right = Right(own.right_held) if own.right_held else None
    return administers(right, AttachmentStatus(own.status), FIRST_COMER.at(now))
