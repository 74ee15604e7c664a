"""Validate, reject or close a structure: the team's decision, and what follows for its people."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain import attachments as attachment_rules
from identity.domain.attachments import AttachmentEvent, AttachmentStatus
from identity.domain.refusals import DecidesForThemselves, StructureMoveRefused, StructureNotFound
from identity.domain.separation import check_may_decide
from identity.domain.structures import StructureEvent, StructureStatus, move
from identity.messages import attachment as attachment_message
from identity.messages import structure as structure_message
from identity.persistence import attachments, people, structures
from identity.persistence.records import AttachmentRecord, StructureRecord
from identity.usecases.keep_roles import keep_roles

DecideStructureRefusal = StructureNotFound | DecidesForThemselves | StructureMoveRefused


async def decide_structure(
    connection: AsyncConnection,
    structure_id: UUID,
    event: StructureEvent,
    decider_id: UUID,
    now: datetime,
    sealer: Sealer,
) -> StructureRecord | DecideStructureRefusal:
    """The structure once it has moved; never by the hand of one of its people.

    A rejected structure rejects its attachments (domain.md §6.3); those who are attached gain or
    lose the PRO role with it. Locks: structure, then attachments, then people, each by id.
    """
    structure = await structures.lock(connection, structure_id)
    if structure is None:
        return StructureNotFound()
    attached = await attachments.lock_of_structure(connection, structure_id)
    own = check_may_decide(decider_id, (attachment.person_id for attachment in attached))
    if own is not None:
        return own
    status = move(structure.status, event)
    if isinstance(status, Refusal):
        return status
    validated_at = now if status is StructureStatus.VALIDATED else structure.validated_at
    changed = await structures.save(connection, replace(structure, status=status, validated_at=validated_at))
    await outbox.emit(connection, [structure_message.event(changed, status)])

    if status is StructureStatus.REJECTED:
        for attachment in attached:
            await _reject(connection, attachment)
    for person_id in sorted(each.person_id for each in attached if each.status == AttachmentStatus.VALIDATED):
        person = await people.lock(connection, person_id)
        assert person is not None
        await keep_roles(connection, person, sealer)
        if event is not StructureEvent.CLOSE:
            payload = {"person_id": str(person_id), "structure_id": str(structure_id)}
            await mail.enqueue(connection, f"structure_{status}", payload)
    return changed


async def _reject(connection: AsyncConnection, attachment: AttachmentRecord) -> None:
    status = attachment_rules.move(attachment.status, AttachmentEvent.REJECT)
    if not isinstance(status, Refusal):
        changed = await attachments.save(connection, replace(attachment, status=status))
        await outbox.emit(connection, [attachment_message.event(changed, status)])
