"""Validate or reject a colleague's request: by the team, or by somebody who administers the structure."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.administration import FIRST_COMER, administers
from identity.domain.attachments import AttachmentEvent, move
from identity.domain.refusals import AttachmentMoveRefused, AttachmentNotFound, DecidesForThemselves
from identity.domain.separation import check_may_decide
from identity.messages import attachment as attachment_message
from identity.persistence import attachments, people
from identity.persistence.records import AttachmentRecord
from identity.usecases.keep_roles import keep_roles

DecideAttachmentRefusal = AttachmentNotFound | DecidesForThemselves | AttachmentMoveRefused


async def decide_attachment(
    connection: AsyncConnection,
    attachment_id: UUID,
    event: AttachmentEvent,
    decider_id: UUID,
    is_team: bool,
    now: datetime,
    sealer: Sealer,
) -> AttachmentRecord | DecideAttachmentRefusal:
    """The attachment once it has moved, by the team or by somebody who administers the structure.

    AttachmentNotFound also for somebody who does neither. Nobody decides on their own request, and the
    team decides on nothing that concerns a structure of theirs.
    """
    attachment = await attachments.lock(connection, attachment_id)
    if attachment is None:
        return AttachmentNotFound()
    own = await attachments.between(connection, decider_id, attachment.structure_id)
    if is_team:
        concerned = [attachment.person_id, *([own.person_id] if own else [])]
        refusal = check_may_decide(decider_id, concerned)
        if refusal is not None:
            return refusal
    elif (
        own is None
        or own.id == attachment_id
        or not administers(own.right_held, own.status, FIRST_COMER.at(now))
    ):
        return AttachmentNotFound()
    status = move(attachment.status, event)
    if isinstance(status, Refusal):
        return status
    changed = await attachments.save(connection, replace(attachment, status=status))
    await outbox.emit(connection, [attachment_message.event(changed, status)])
    person = await people.lock(connection, attachment.person_id)
    assert person is not None
    await keep_roles(connection, person, sealer)
    payload = {"person_id": str(person.id), "structure_id": str(attachment.structure_id)}
    await mail.enqueue(connection, f"attachment_{status}", payload)
    return changed
