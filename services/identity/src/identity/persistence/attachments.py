"""Statements on attachments of people to structures."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Aggregates, grouped
from identity.domain.roles import Attached
from identity.persistence.records import AttachmentRecord
from identity.persistence.tables import attachments, structures

_ATTACHMENTS = Aggregates(attachments, AttachmentRecord)
find, lock, save, by_ids = _ATTACHMENTS.find, _ATTACHMENTS.lock, _ATTACHMENTS.save, _ATTACHMENTS.by_ids

_ADD = _ATTACHMENTS.insert.on_conflict_do_nothing(
    index_elements=[attachments.c.person_id, attachments.c.structure_id]
)
_BETWEEN = _ATTACHMENTS.select.where(
    attachments.c.person_id == sa.bindparam("person"), attachments.c.structure_id == sa.bindparam("structure")
)
_STATES_OF_PERSON = (
    sa.select(attachments.c.structure_id, structures.c.status, attachments.c.status)
    .join(structures, structures.c.id == attachments.c.structure_id)
    .where(attachments.c.person_id == sa.bindparam("person"))
)
_OF_STRUCTURE_LOCKED = (
    _ATTACHMENTS.select.where(attachments.c.structure_id == sa.bindparam("structure"))
    .order_by(attachments.c.id)
    .with_for_update(key_share=True)
)
_IDS: sa.BindParameter[Sequence[UUID]] = sa.bindparam("ids", expanding=True)
_OF_PEOPLE = _ATTACHMENTS.select.where(attachments.c.person_id.in_(_IDS)).order_by(attachments.c.id)
_OF_STRUCTURES = _ATTACHMENTS.select.where(attachments.c.structure_id.in_(_IDS)).order_by(attachments.c.id)


async def add(connection: AsyncConnection, attachment: AttachmentRecord) -> bool:
    """False when the person has one to this structure already."""
    return await _ATTACHMENTS.add(connection, attachment, _ADD)


async def between(
    connection: AsyncConnection, person_id: UUID, structure_id: UUID
) -> AttachmentRecord | None:
    return await _ATTACHMENTS.one(connection, _BETWEEN, person=person_id, structure=structure_id)


async def lock_of_structure(connection: AsyncConnection, structure_id: UUID) -> Sequence[AttachmentRecord]:
    """All attachments of a structure, locked, always in the same order."""
    return await _ATTACHMENTS.all(connection, _OF_STRUCTURE_LOCKED, structure=structure_id)


async def states_of_person(connection: AsyncConnection, person_id: UUID) -> dict[UUID, Attached]:
    """By structure: its state, and that of the person's attachment to it."""
    rows = await connection.execute(_STATES_OF_PERSON, {"person": person_id})
    return {structure_id: (structure, attachment) for structure_id, structure, attachment in rows}


async def of_people(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[AttachmentRecord]]:
    return grouped(await _ATTACHMENTS.all(connection, _OF_PEOPLE, ids=list(ids)), "person_id")


async def of_structures(
    connection: AsyncConnection, ids: Sequence[UUID]
) -> dict[UUID, list[AttachmentRecord]]:
    return grouped(await _ATTACHMENTS.all(connection, _OF_STRUCTURES, ids=list(ids)), "structure_id")
