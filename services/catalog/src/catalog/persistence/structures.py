"""Structures as identity tells them, and the virtual venue each of them is given."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import StructureStatus
from catalog.domain.geography import PARIS
from catalog.domain.venue import VIRTUAL_VENUE_NAME
from catalog.persistence.records import StructureRecord, VenueRecord
from catalog.persistence.tables import structures, venues
from chassis.ids import new_id

_BEGIN = pg.insert(structures).on_conflict_do_nothing()
_FIND = sa.select(structures).where(structures.c.id == sa.bindparam("structure"))
_LOCK = _FIND.with_for_update()
_SHARE = _FIND.with_for_update(read=True)
_INSERT = pg.insert(structures)
_TOLD = _INSERT.on_conflict_do_update(
    index_elements=["id"],
    set_={name: _INSERT.excluded[name] for name in ("version", "siren", "name", "status")},
    where=structures.c.version < _INSERT.excluded.version,
).returning(structures.c.id)
_ADD_VIRTUAL_VENUE = pg.insert(venues).on_conflict_do_nothing().returning(venues)
_HOLD_FOREIGN_SIRETS = (
    sa.update(venues)
    .where(
        venues.c.structure_id == sa.bindparam("structure"),
        sa.func.left(venues.c.siret, 9) != sa.bindparam("its_siren"),
    )
    .values(is_validated=False)
)
_TOUCH_VENUES = (
    sa.update(venues)
    .where(venues.c.structure_id == sa.bindparam("structure"))
    .values(version=venues.c.version + 1, changed_at=sa.func.now())
    .returning(venues)
)


async def _one(
    connection: AsyncConnection, statement: sa.Select[Any], structure_id: UUID
) -> StructureRecord | None:
    row = (await connection.execute(statement, {"structure": structure_id})).one_or_none()
    return None if row is None else StructureRecord(*row)


async def find_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    return await _one(connection, _FIND, structure_id)


async def lock_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    """As `find_structure`, locked until the end of the transaction."""
    return await _one(connection, _LOCK, structure_id)


async def share_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    """As `find_structure`, held as it is until the end of the transaction."""
    return await _one(connection, _SHARE, structure_id)


async def begin_structure(connection: AsyncConnection, structure_id: UUID) -> None:
    """Note a structure whose event has not come yet: pending, everything else unknown."""
    pending = {"id": structure_id, "version": 0, "status": StructureStatus.PENDING.value}
    await connection.execute(_BEGIN, pending)


async def write_structure(
    connection: AsyncConnection,
    *,
    structure_id: UUID,
    version: int,
    siren: str,
    name: str | None,
    status: str,
) -> bool:
    """Insert, or update where the stored version is lower; whether anything was written."""
    told = {"id": structure_id, "version": version, "siren": siren, "name": name, "status": status}
    return (await connection.execute(_TOLD, told)).one_or_none() is not None


async def add_virtual_venue(
    connection: AsyncConnection, structure_id: UUID, now: datetime
) -> VenueRecord | None:
    """The structure's venue for online offers, or None when it has one already."""
    row = {
        "id": new_id(),
        "structure_id": structure_id,
        "is_virtual": True,
        "is_validated": True,
        "name": VIRTUAL_VENUE_NAME,
        "timezone": PARIS,
        "created_at": now,
    }
    added = (await connection.execute(_ADD_VIRTUAL_VENUE, row)).one_or_none()
    return None if added is None else VenueRecord(*added)


async def hold_foreign_sirets(connection: AsyncConnection, structure_id: UUID, siren: str) -> None:
    """Hold back the venues made before the SIREN was known whose SIRET turns out to be another's."""
    await connection.execute(_HOLD_FOREIGN_SIRETS, {"structure": structure_id, "its_siren": siren})


async def touch_venues(connection: AsyncConnection, structure_id: UUID) -> list[VenueRecord]:
    """Give every venue of a structure its next version: what is told of them has changed."""
    rows = await connection.execute(_TOUCH_VENUES, {"structure": structure_id})
    return [VenueRecord(*row) for row in rows]
