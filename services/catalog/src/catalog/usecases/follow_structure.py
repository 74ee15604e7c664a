"""Identity published a structure: note it, give it its virtual venue, publish its venues again."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.messages.venue import venue_event
from catalog.persistence import copies, venues
from catalog.persistence.records import StructureRecord
from catalog.usecases.open_structure import add_virtual_venue
from chassis.outbox import emit
from chassis.sealed import Sealer


async def follow_structure(
    connection: AsyncConnection, structure: StructureRecord, *, now: datetime, sealer: Sealer
) -> None:
    """Apply one version of a structure; an older or equal one changes nothing.

    Venues carry the status of their structure, so a change of it is published for each of them.
    Venues made before the SIREN was known are checked against it now.
    """
    before = await copies.lock_structure(connection, structure.id)
    if not await copies.keep_structure(connection, structure):
        return
    if structure.siren is not None and (before is None or before.siren is None):
        await venues.hold_foreign_sirets(connection, structure.id, structure.siren)
    if await add_virtual_venue(connection, structure, now, sealer):
        return
    if before is None or before.siren is None or before.status != structure.status:
        # `before` may be None with venues already here: a pro began the structure at this very instant.
        touched = await venues.touch_venues(connection, structure.id)
        await emit(
            connection, [venue_event("venue.changed", venue, structure.status, sealer) for venue in touched]
        )
