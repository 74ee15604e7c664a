"""Validate, reject or close a structure: the team's decision, and what follows for its people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain import attachments as attachment_rules
from identity.domain.attachments import AttachmentEvent, AttachmentStatus
from identity.domain.structures import StructureEvent, StructureStatus, move
from identity.persistence import structures as structure_rows
from identity.persistence.changing import change, lock
from identity.persistence.event_states import attachment_event, structure_event
from identity.persistence.tables import attachments, persons, structures
from identity.usecases.keep_roles import keep_roles
from identity.usecases.unknown import Unknown


async def decide_structure(
    connection: AsyncConnection, structure_id: UUID, event: StructureEvent, now: datetime, sealer: Sealer
) -> dict[str, Any] | Refusal:
    """The structure's id once it has moved. Raises Unknown.

    A rejected structure rejects its attachments (domain.md §6.3); those who are attached gain or
    lose the PRO role with it. Locks: structure, then attachments, then people, each by id.
    """
    structure = await lock(connection, structures, structure_id)
    if structure is None:
        raise Unknown
    status = move(StructureStatus(structure.status), event)
    if isinstance(status, Refusal):
        return status
    values: dict[str, Any] = {"validated_at": now} if status is StructureStatus.VALIDATED else {}
    changed = await change(connection, structures, structure_id, status=status, **values)
    await outbox.emit(connection, [structure_event(changed, status)])

    attached = await structure_rows.lock_attachments(connection, structure_id)
    if status is StructureStatus.REJECTED:
        for attachment in attached:
            await _reject(connection, attachment)
    for person_id in sorted(row.person_id for row in attached if row.status == AttachmentStatus.VALIDATED):
        person = await lock(connection, persons, person_id)
        assert person is not None
        await keep_roles(connection, person, sealer)
        if event is not StructureEvent.CLOSE:
            payload = {"person_id": str(person_id), "structure_id": str(structure_id)}
            await mail.enqueue(connection, f"structure_{status}", payload)
    return {"structure_id": str(structure_id)}


async def _reject(connection: AsyncConnection, attachment: Any) -> None:
    status = attachment_rules.move(AttachmentStatus(attachment.status), AttachmentEvent.REJECT)
    if not isinstance(status, Refusal):
        changed = await change(connection, attachments, attachment.id, status=status)
        await outbox.emit(connection, [attachment_event(changed, status)])
