"""What other contexts published, kept: the newer version wins, in whatever order it comes."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.copies import keep_newer
from chassis.kept import Aggregates
from chassis.records import parameters
from finance.persistence.records import BookingCopy, StructureCopy, VenueCopy
from finance.persistence.tables import bookings, structures, venues

_KEEP_BOOKING = keep_newer(bookings)
_KEEP_VENUE = keep_newer(venues)
_KEEP_STRUCTURE = keep_newer(structures)

_STRUCTURES = Aggregates(structures, StructureCopy)
_SHARE_STRUCTURE = _STRUCTURES.select.where(structures.c.id == sa.bindparam("structure")).with_for_update(
    read=True
)


async def keep_bookings(connection: AsyncConnection, copies: Sequence[BookingCopy]) -> None:
    await connection.execute(_KEEP_BOOKING, [parameters(copy) for copy in copies])


async def keep_venues(connection: AsyncConnection, copies: Sequence[VenueCopy]) -> None:
    await connection.execute(_KEEP_VENUE, [parameters(copy) for copy in copies])


async def keep_structures(connection: AsyncConnection, copies: Sequence[StructureCopy]) -> None:
    await connection.execute(_KEEP_STRUCTURE, [parameters(copy) for copy in copies])


async def share_structure(connection: AsyncConnection, structure_id: UUID) -> StructureCopy | None:
    """The structure, held as it is until the end of the transaction; None while nothing was heard of it."""
    return await _STRUCTURES.one(connection, _SHARE_STRUCTURE, structure=structure_id)
