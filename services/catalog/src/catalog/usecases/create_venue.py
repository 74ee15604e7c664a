"""A pro creates a venue, by SIRET as a rule."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import StructureStatus
from catalog.domain.refusals.venue import SiretAlreadyUsed, StructureNotFound, StructureNotOpen
from catalog.domain.structures import check_editable
from catalog.domain.towns import FindTownRefusal, Town, find_town
from catalog.domain.venue import VenueDraft, VenueRefusal, check_venue
from catalog.messages.venue import venue_event
from catalog.persistence import venues
from catalog.persistence.records import VenueRecord
from catalog.usecases.access import acts_for
from catalog.usecases.open_structure import open_structure
from chassis.auth import Principal
from chassis.departments import department_of, timezone_of
from chassis.ids import new_id
from chassis.outbox import emit
from chassis.sealed import Sealer

CreateVenueRefusal = StructureNotFound | StructureNotOpen | VenueRefusal | FindTownRefusal | SiretAlreadyUsed


async def create_venue(
    connection: AsyncConnection,
    *,
    structure_id: UUID,
    draft: VenueDraft,
    principal: Principal,
    now: datetime,
    sealer: Sealer,
) -> VenueRecord | CreateVenueRefusal:
    """The new physical venue.

    The structure may be unknown here: its pro's token proves it, its event is on the way. It
    is then noted as pending, and the SIRET is compared with its SIREN when that comes.
    """
    if not acts_for(principal, structure_id):
        return StructureNotFound()
    structure = await open_structure(connection, structure_id, now, sealer)
    not_open = check_editable(structure.may_edit, StructureStatus(structure.status))
    if not_open is not None:
        return not_open
    draft = replace(draft, siren=structure.siren, is_virtual=False)
    refusal = check_venue(draft)
    if refusal is not None:
        return refusal
    assert draft.postal_code is not None
    assert draft.city is not None
    latitude, longitude = draft.latitude, draft.longitude
    if latitude is None or longitude is None:
        town = find_town(draft.city, draft.postal_code)
        if not isinstance(town, Town):
            return town
        assert town.position is not None
        latitude, longitude = town.position
    department_code = department_of(draft.postal_code)
    venue = VenueRecord(
        id=new_id(),
        version=1,
        structure_id=structure_id,
        is_virtual=False,
        is_validated=True,
        siret=draft.siret,
        comment=draft.comment,
        name=draft.name,
        public_name=draft.public_name,
        description=draft.description,
        street=draft.street,
        postal_code=draft.postal_code,
        city=draft.city,
        department_code=department_code,
        timezone=timezone_of(department_code),
        latitude=latitude,
        longitude=longitude,
        booking_email=draft.booking_email,
        created_at=now,
    )
    if not await venues.add_venue(connection, venue):
        return SiretAlreadyUsed(draft.siret or "")
    await emit(connection, [venue_event("venue.created", venue, structure.status, sealer)])
    return venue
