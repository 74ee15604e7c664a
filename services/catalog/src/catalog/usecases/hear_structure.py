"""Identity tells of a structure: note it, give it its virtual venue, tell of its venues again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence import structures
from catalog.usecases.announce import venue_event
from chassis.outbox import emit
from chassis.sealed import Sealer


async def hear_structure(
    connection: AsyncConnection,
    *,
    structure_id: UUID,
    version: int,
    siren: str,
    name: str | None,
    status: str,
    now: datetime,
    sealer: Sealer,
) -> None:
    """Apply one version of a structure; an older or equal one changes nothing.

    Venues carry the status of their structure, so a change of it is told for each of them.
    Venues made before the SIREN was known are checked against it now.
    """
    before = await structures.lock_structure(connection, structure_id)
    written = await structures.write_structure(
        connection, structure_id=structure_id, version=version, siren=siren, name=name, status=status
    )
    if not written:
        return
    if before is None or before.siren is None:
        await structures.hold_foreign_sirets(connection, structure_id, siren)
    created = await structures.add_virtual_venue(connection, structure_id, now)
    if created is not None:
        await emit(connection, [venue_event("venue.created", created, status, sealer)])
    elif before is None or before.siren is None or before.status != status:
        # `before` may be None with venues already here: a pro began the structure at this very instant.
        touched = await structures.touch_venues(connection, structure_id)
        await emit(connection, [venue_event("venue.changed", venue, status, sealer) for venue in touched])
