"""A pro drafts an offer of one of its venues."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.compliance import OfferValidation
from catalog.domain.isbn import normalised_isbn
from catalog.domain.offer import OfferDraft, artist_line, check_offer, is_effectively_duo, product_key
from catalog.domain.refusals.venue import VenueNotFound
from catalog.persistence import offers, venues
from catalog.usecases.announce import offer_event
from catalog.usecases.authorisation import acts_for
from chassis.auth import Principal
from chassis.ids import new_id
from chassis.outbox import emit
from chassis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class AskedOffer:
    """What the pro asks for; `draft(venue_is_virtual)` gives what the rules look at."""

    venue_id: UUID
    draft: Callable[[bool], OfferDraft]
    artist: str | None = None
    """Free text; when left out, the people named by the conditional fields."""


async def create_offer(
    connection: AsyncConnection, asked: AskedOffer, *, principal: Principal, now: datetime
) -> UUID | Refusal:
    """The id of the new offer, a draft until it is published."""
    venue = await venues.find_venue(connection, asked.venue_id)
    if venue is None or not acts_for(principal, venue.structure_id):
        return VenueNotFound()
    draft = asked.draft(venue.is_virtual)
    refusal = check_offer(draft, now)
    if refusal is not None:
        return refusal
    offer_id = new_id()
    offer = await offers.add_offer(
        connection,
        {
            "id": offer_id,
            "venue_id": venue.id,
            "structure_id": venue.structure_id,
            "subcategory_id": draft.subcategory_id,
            "name": draft.name,
            "description": draft.description,
            "extra": {field.value: text for field, text in draft.extra.items()},
            "artist": asked.artist or artist_line(draft.extra),
            "is_duo": is_effectively_duo(draft.subcategory, draft.is_duo),
            "url": draft.url,
            "isbn": normalised_isbn(draft.isbn) if draft.isbn else None,
            "product_key": product_key(draft.isbn, draft.extra, str(offer_id)),
            "validation": OfferValidation.DRAFT.value,
            "is_active": False,
            "audio_accessible": draft.accessibility.audio,
            "mental_accessible": draft.accessibility.mental,
            "motor_accessible": draft.accessibility.motor,
            "visual_accessible": draft.accessibility.visual,
            "withdrawal_type": draft.withdrawal.type,
            "withdrawal_delay_seconds": draft.withdrawal.delay_seconds,
            "withdrawal_details": draft.withdrawal.details,
            "booking_contact": draft.withdrawal.booking_contact,
            "created_at": now,
        },
    )
    await emit(connection, [offer_event("offer.created", offer)])
    return offer_id
