"""A pro drafts an offer of one of its venues."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.compliance import OfferValidation
from catalog.domain.duplicates import check_ean
from catalog.domain.isbn import normalised_isbn
from catalog.domain.offer import (
    OfferDraft,
    OfferRefusal,
    artist_line,
    check_offer,
    is_effectively_duo,
    product_key,
)
from catalog.domain.refusals.offer import EanAlreadyOffered
from catalog.domain.refusals.venue import StructureNotOpen, VenueNotFound
from catalog.messages.offer import offer_event
from catalog.persistence import offers, venues
from catalog.persistence.records import OfferRecord
from catalog.usecases.access import acts_for, check_structure
from chassis import public_numbers
from chassis.auth import Principal
from chassis.ids import new_id
from chassis.outbox import emit

CreateOfferRefusal = VenueNotFound | StructureNotOpen | OfferRefusal | EanAlreadyOffered


async def create_offer(
    connection: AsyncConnection,
    *,
    venue_id: UUID,
    draft: OfferDraft,
    artist: str | None,
    principal: Principal,
    now: datetime,
) -> OfferRecord | CreateOfferRefusal:
    """The new offer, a draft until it is published. The venue says whether it is a virtual one.

    `artist` is free text; when left out, the people named by the conditional fields.
    """
    venue = await venues.find_venue(connection, venue_id)
    if venue is None or not acts_for(principal, venue.structure_id):
        return VenueNotFound()
    not_open = await check_structure(connection, venue.structure_id)
    if not_open is not None:
        return not_open
    draft = replace(draft, venue_is_virtual=venue.is_virtual)
    refusal = check_offer(draft, now)
    if refusal is not None:
        return refusal
    ean = normalised_isbn(draft.isbn) if draft.isbn else None
    twice = check_ean(ean, await offers.is_offered(connection, venue.id, ean), now)
    if twice is not None:
        return twice
    offer_id = new_id()
    offer = OfferRecord(
        id=offer_id,
        version=1,
        venue_id=venue.id,
        structure_id=venue.structure_id,
        subcategory_id=draft.subcategory_id,
        name=draft.name,
        description=draft.description,
        extra={field.value: text for field, text in draft.extra.items()},
        artist=artist or artist_line(draft.extra),
        is_duo=is_effectively_duo(draft.subcategory, draft.is_duo),
        url=draft.url,
        isbn=ean,
        product_key=product_key(draft.isbn, draft.extra, str(offer_id)),
        validation=OfferValidation.DRAFT.value,
        is_active=False,
        published_at=None,
        audio_accessible=bool(draft.accessibility.audio),
        mental_accessible=bool(draft.accessibility.mental),
        motor_accessible=bool(draft.accessibility.motor),
        visual_accessible=bool(draft.accessibility.visual),
        withdrawal_type=draft.withdrawal.type,
        withdrawal_delay_seconds=draft.withdrawal.delay_seconds,
        withdrawal_details=draft.withdrawal.details,
        booking_contact=draft.withdrawal.booking_contact,
        ranking_weight=0,
        created_at=now,
        accepted_price_cents=None,
        number=await public_numbers.next_number(connection, "offers"),
    )
    await offers.add_offer(connection, offer)
    await emit(connection, [offer_event("offer.created", offer)])
    return offer
