"""What identity and booking published, as far as the catalogue keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import StructureStatus
from catalog.persistence.records import StructureRecord
from catalog.persistence.tables import stocks, structures
from chassis.copies import keep_newer
from chassis.records import columns, parameters

_BEGIN = pg.insert(structures).on_conflict_do_nothing()
_FIND = sa.select(*columns(structures, StructureRecord)).where(structures.c.id == sa.bindparam("structure"))
_LOCK = _FIND.with_for_update()
_SHARE = _FIND.with_for_update(read=True)
_KEEP = keep_newer(structures).returning(structures.c.id)
_KEEP_AVAILABILITY = (
    sa.update(stocks)
    .where(stocks.c.id == sa.bindparam("stock"), stocks.c.availability_version < sa.bindparam("its_version"))
    .values(booked=sa.bindparam("now_booked"), availability_version=sa.bindparam("its_version"))
)


@dataclass(frozen=True, slots=True)
class Availability:
    """How many places of the stock `id` are booked, as booking published it."""

    id: UUID
    version: int
    booked: int


async def find_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    return await _one(connection, _FIND, structure_id)


async def lock_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    """As `find_structure`, locked until the end of the transaction."""
    return await _one(connection, _LOCK, structure_id)


async def share_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    """As `find_structure`, held as it is until the end of the transaction."""
    return await _one(connection, _SHARE, structure_id)


async def _one(
    connection: AsyncConnection, statement: sa.Select[Any], structure_id: UUID
) -> StructureRecord | None:
    found = (await connection.execute(statement, {"structure": structure_id})).one_or_none()
    return None if found is None else StructureRecord(*found)


async def begin_structure(connection: AsyncConnection, structure_id: UUID) -> None:
    """Note a structure whose event has not come yet: pending, everything else unknown."""
    pending = StructureRecord(structure_id, 0, None, None, StructureStatus.PENDING.value)
    await connection.execute(_BEGIN, parameters(pending))


async def keep_structure(connection: AsyncConnection, structure: StructureRecord) -> bool:
    """Insert, or update where the stored version is lower; whether anything was written."""
    return (await connection.execute(_KEEP, parameters(structure))).one_or_none() is not None


async def keep_availabilities(connection: AsyncConnection, availabilities: Sequence[Availability]) -> None:
    """Note what is booked where the stored version is lower; stocks that are not here are passed over."""
    parameters = [
        {"stock": each.id, "its_version": each.version, "now_booked": each.booked} for each in availabilities
    ]
    await connection.execute(_KEEP_AVAILABILITY, parameters)
