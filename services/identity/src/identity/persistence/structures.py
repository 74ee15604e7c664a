"""Statements on structures."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.cursors import Window
from chassis.kept import Aggregates
from chassis.keyset import Order, windowed
from identity.domain.attachments import AttachmentStatus
from identity.domain.structures import StructureStatus
from identity.persistence.records import StructureRecord
from identity.persistence.tables import attachments, structures

_STRUCTURES = Aggregates(structures, StructureRecord)
find, lock, save, by_ids = _STRUCTURES.find, _STRUCTURES.lock, _STRUCTURES.save, _STRUCTURES.by_ids

_ADD = _STRUCTURES.insert.on_conflict_do_nothing(index_elements=[structures.c.siren])
_BY_SIREN = _STRUCTURES.select.where(structures.c.siren == sa.bindparam("siren"))


async def add_or_find(
    connection: AsyncConnection, structure: StructureRecord
) -> tuple[StructureRecord, bool]:
    """The structure of a SIREN, and whether it is new; of two sign-ups at once one makes it."""
    if await _STRUCTURES.add(connection, structure, _ADD):
        return structure, True
    known = await _STRUCTURES.one(connection, _BY_SIREN, siren=structure.siren)
    assert known is not None
    return known, False


async def page(
    connection: AsyncConnection,
    *,
    member_id: UUID | None,
    status: StructureStatus | None,
    window: Window,
) -> Sequence[StructureRecord]:
    """Structures, newest first; of one member's validated attachments only when `member_id` is given."""
    statement = windowed(_STRUCTURES.select, window, Order(structures.c.id, descending=True))
    if member_id is not None:
        statement = statement.join(attachments, attachments.c.structure_id == structures.c.id).where(
            attachments.c.person_id == member_id, attachments.c.status == AttachmentStatus.VALIDATED
        )
    if status is not None:
        statement = statement.where(structures.c.status == status)
    return await _STRUCTURES.all(connection, statement)
