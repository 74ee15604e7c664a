"""Venues as rows."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import StructureStatus
from catalog.persistence.records import SeenVenue, VenueRecord
from catalog.persistence.tables import among, structures, venues
from chassis.kept import Aggregates

_VENUES = Aggregates(venues, VenueRecord)
find_venue = _VENUES.find
_ADD = _VENUES.insert.on_conflict_do_nothing()
_HOLD_FOREIGN_SIRETS = (
    sa.update(venues)
    .where(
        venues.c.structure_id == sa.bindparam("structure"),
        sa.func.left(venues.c.siret, 9) != sa.bindparam("its_siren"),
    )
    .values(is_validated=False)
)
_TOUCH = (
    sa.update(venues)
    .where(venues.c.structure_id == sa.bindparam("structure"))
    .values(version=venues.c.version + 1, changed_at=sa.func.now())
    .returning(*_VENUES.columns)
)
SEEN = sa.select(*_VENUES.columns, structures.c.status).join_from(venues, structures)
"""Rows of `seen_venue`."""
_BY_ID = SEEN.where(among(venues.c.id, "ids"))
_BY_STRUCTURE = SEEN.where(among(venues.c.structure_id, "ids")).order_by(venues.c.id)


def seen_venue(columns_and_status: Sequence[Any]) -> SeenVenue:
    *venue, status = columns_and_status
    return SeenVenue(VenueRecord(*venue), StructureStatus(status))


async def add_venue(connection: AsyncConnection, venue: VenueRecord) -> bool:
    """Whether it was added: false when its SIRET is taken, or its structure has a virtual venue."""
    return await _VENUES.add(connection, venue, _ADD)


async def hold_foreign_sirets(connection: AsyncConnection, structure_id: UUID, siren: str) -> None:
    """Hold back the venues made before the SIREN was known whose SIRET turns out to be another's."""
    await connection.execute(_HOLD_FOREIGN_SIRETS, {"structure": structure_id, "its_siren": siren})


async def touch_venues(connection: AsyncConnection, structure_id: UUID) -> list[VenueRecord]:
    """Give every venue of a structure its next version: what is published of them has changed."""
    return await _VENUES.all(connection, _TOUCH, structure=structure_id)


async def venues_by_id(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, SeenVenue]:
    seen = map(seen_venue, await connection.execute(_BY_ID, {"ids": list(ids)}))
    return {each.venue.id: each for each in seen}


async def venues_by_structure(
    connection: AsyncConnection, structure_ids: Sequence[UUID]
) -> dict[UUID, list[SeenVenue]]:
    """Oldest first; a structure without venues is left out."""
    found: dict[UUID, list[SeenVenue]] = defaultdict(list)
    for each in await connection.execute(_BY_STRUCTURE, {"ids": list(structure_ids)}):
        seen = seen_venue(each)
        found[seen.venue.structure_id].append(seen)
    return found
