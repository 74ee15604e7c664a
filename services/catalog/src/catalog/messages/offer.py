"""`catalog.offer.v1`"""

from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import AwareDatetime, Field

from catalog.messages.state import State, published_state
from catalog.persistence.records import OfferRecord
from catalog.persistence.tables import offers
from chassis import republish
from chassis.outbox import Event, Published
from chassis.records import columns

OFFER_TOPIC = "catalog.offer.v1"


class OfferState(State):
    venue_id: UUID
    structure_id: UUID
    subcategory_id: str
    name: str
    description: str | None
    artist: str | None
    is_duo: bool = Field(description="false wherever the sub-category cannot be duo")
    url: str | None = Field(description="may hold {token}, {email}, {offerId}")
    isbn: str | None = Field(pattern=r"^\d{13}$")
    product_key: str = Field(description="ISBN, else visa, else the offer's id")
    validation: Literal["DRAFT", "PENDING", "APPROVED", "REJECTED"]
    is_active: bool
    published_at: AwareDatetime | None = Field(description="in the future for a scheduled publication")
    created_at: AwareDatetime
    withdrawal_type: Literal["NO_TICKET", "BY_EMAIL", "ON_SITE", "IN_APP"] | None
    ranking_weight: int
    number: int | None = Field(ge=1, description="the offer's number in partners' contracts")


def offer_event(kind: str, offer: OfferRecord) -> Event:
    return Event(OFFER_TOPIC, offer.id, offer.version, kind, published_state(OfferState, offer))


def published_offers() -> Published:
    return republish.published(
        OFFER_TOPIC,
        offers,
        lambda row: offer_event("offer.republished", OfferRecord(*row)),
        sa.select(*columns(offers, OfferRecord)),
    )
