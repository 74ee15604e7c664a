"""Keeping what other contexts tell: the newer version wins, in whatever order it comes."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.persistence.tables import bookings, structures, venues

Row = Mapping[str, Any]


def _keep_newer(table: sa.Table) -> pg.Insert:
    insert = pg.insert(table)
    return insert.on_conflict_do_update(
        index_elements=["id"],
        set_={column.name: insert.excluded[column.name] for column in table.c if column.name != "id"},
        where=table.c.version < insert.excluded.version,
    )


_KEEP_BOOKING = _keep_newer(bookings)
_KEEP_VENUE = _keep_newer(venues)
_KEEP_STRUCTURE = _keep_newer(structures)


async def keep_bookings(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    await connection.execute(_KEEP_BOOKING, rows)


async def keep_venues(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    await connection.execute(_KEEP_VENUE, rows)


async def keep_structures(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    await connection.execute(_KEEP_STRUCTURE, rows)
