"""Statements on structures and attachments."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.attachments import AttachmentStatus
from identity.domain.roles import Attached
from identity.domain.structures import StructureStatus
from identity.persistence.tables import attachments, structures

_INSERT = (
    pg.insert(structures).on_conflict_do_nothing(index_elements=[structures.c.siren]).returning(structures)
)
_BY_SIREN = sa.select(structures).where(structures.c.siren == sa.bindparam("siren"))
_ATTACH = (
    pg.insert(attachments)
    .on_conflict_do_nothing(index_elements=[attachments.c.person_id, attachments.c.structure_id])
    .returning(attachments)
)
_ATTACHMENT = sa.select(attachments).where(
    attachments.c.person_id == sa.bindparam("person"), attachments.c.structure_id == sa.bindparam("structure")
)
_OF_PERSON = (
    sa.select(attachments.c.structure_id, attachments.c.status, structures.c.status.label("structure_status"))
    .join(structures, structures.c.id == attachments.c.structure_id)
    .where(attachments.c.person_id == sa.bindparam("person"))
)
_OF_STRUCTURE_LOCKED = (
    sa.select(attachments)
    .where(attachments.c.structure_id == sa.bindparam("structure"))
    .order_by(attachments.c.id)
    .with_for_update(key_share=True)
)


async def add_or_find(connection: AsyncConnection, **values: Any) -> tuple[sa.Row[Any], bool]:
    """The structure of a SIREN, and whether it is new; of two sign-ups at once one makes it."""
    added: sa.Row[Any] | None = (await connection.execute(_INSERT, values)).one_or_none()
    if added is not None:
        return added, True
    return (await connection.execute(_BY_SIREN, {"siren": values["siren"]})).one(), False


async def attach(connection: AsyncConnection, **values: Any) -> sa.Row[Any] | None:
    """A new attachment; None when the person has one to this structure already."""
    row: sa.Row[Any] | None = (await connection.execute(_ATTACH, values)).one_or_none()
    return row


async def attachment_between(
    connection: AsyncConnection, person_id: UUID, structure_id: UUID
) -> sa.Row[Any] | None:
    found = await connection.execute(_ATTACHMENT, {"person": person_id, "structure": structure_id})
    return found.one_or_none()


async def lock_attachments(connection: AsyncConnection, structure_id: UUID) -> Sequence[sa.Row[Any]]:
    """All attachments of a structure, locked, always in the same order."""
    return (await connection.execute(_OF_STRUCTURE_LOCKED, {"structure": structure_id})).all()


async def attached(connection: AsyncConnection, person_id: UUID) -> dict[UUID, Attached]:
    """By structure: its state, and that of the person's attachment to it."""
    rows = await connection.execute(_OF_PERSON, {"person": person_id})
    return {
        row.structure_id: (StructureStatus(row.structure_status), AttachmentStatus(row.status))
        for row in rows
    }
