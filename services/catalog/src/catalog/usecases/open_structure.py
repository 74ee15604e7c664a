"""Make sure that a structure is here, with its virtual venue, even before its event has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.venue import VIRTUAL_VENUE_NAME
from catalog.messages.venue import venue_event
from catalog.persistence import copies, venues
from catalog.persistence.records import StructureRecord, VenueRecord
from chassis.departments import PARIS
from chassis.ids import new_id
from chassis.outbox import emit
from chassis.sealed import Sealer


async def open_structure(
    connection: AsyncConnection, structure_id: UUID, now: datetime, sealer: Sealer
) -> StructureRecord:
    """The structure, held as it is until the end of the transaction.

    One that was unknown is noted as pending, with every other fact unknown.
    """
    known = await copies.share_structure(connection, structure_id)
    if known is not None:
        return known
    await copies.begin_structure(connection, structure_id)
    known = await copies.share_structure(connection, structure_id)
    assert known is not None
    await add_virtual_venue(connection, known, now, sealer)
    return known


async def add_virtual_venue(
    connection: AsyncConnection, structure: StructureRecord, now: datetime, sealer: Sealer
) -> bool:
    """Give a structure its venue for online offers; false when it has one already."""
    venue = VenueRecord(
        id=new_id(),
        version=1,
        structure_id=structure.id,
        is_virtual=True,
        is_validated=True,
        siret=None,
        comment=None,
        name=VIRTUAL_VENUE_NAME,
        public_name=None,
        description=None,
        street=None,
        postal_code=None,
        city=None,
        department_code=None,
        timezone=PARIS,
        latitude=None,
        longitude=None,
        booking_email=None,
        created_at=now,
    )
    if not await venues.add_venue(connection, venue):
        return False
    await emit(connection, [venue_event("venue.created", venue, structure.status, sealer)])
    return True
