"""Venues as rows."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence.records import VenueRecord
from catalog.persistence.tables import venues

_ADD = pg.insert(venues).on_conflict_do_nothing(constraint="venues_siret_unique").returning(venues)
_FIND = sa.select(venues).where(venues.c.id == sa.bindparam("venue"))


async def add_venue(connection: AsyncConnection, row: Mapping[str, Any]) -> VenueRecord | None:
    """The new venue's row, or None when its SIRET is taken."""
    added = (await connection.execute(_ADD, dict(row))).one_or_none()
    return None if added is None else VenueRecord(*added)


async def find_venue(connection: AsyncConnection, venue_id: UUID) -> VenueRecord | None:
    row = (await connection.execute(_FIND, {"venue": venue_id})).one_or_none()
    return None if row is None else VenueRecord(*row)
