"""Make sure that a structure is here, with its virtual venue, even before its event has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence import structures
from catalog.persistence.records import StructureRecord
from catalog.usecases.announce import venue_event
from chassis.outbox import emit
from chassis.sealed import Sealer


async def open_structure(
    connection: AsyncConnection, structure_id: UUID, now: datetime, sealer: Sealer
) -> StructureRecord:
    """The structure, held as it is until the end of the transaction.

    One that was unknown is noted as pending, with every other fact unknown.
    """
    known = await structures.share_structure(connection, structure_id)
    if known is not None:
        return known
    await structures.begin_structure(connection, structure_id)
    known = await structures.share_structure(connection, structure_id)
    assert known is not None
    created = await structures.add_virtual_venue(connection, structure_id, now)
    if created is not None:
        await emit(connection, [venue_event("venue.created", created, known.status, sealer)])
    return known
