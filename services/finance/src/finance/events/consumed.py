"""Finance's own, tolerant models of the events it listens to."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chassis.consumer import Message

BOOKINGS = "booking.booking.v1"
VENUES = "catalog.venue.v1"
STRUCTURES = "identity.structure.v1"


class BookingTold(Message):
    """A booking, with the names and contremarque of its beneficiary sealed."""

    structure_id: UUID
    venue_id: UUID
    offer_id: UUID
    offer_name: str
    subcategory_id: str
    deposit_kind: str | None = None
    quantity: int = Field(gt=0)
    unit_price_cents: int = Field(ge=0)
    status: Literal["CONFIRMED", "USED", "CANCELLED", "REIMBURSED"]
    created_at: AwareDatetime
    used_at: AwareDatetime | None = None
    starts_at: AwareDatetime | None = None
    sealed: str = ""


class VenueTold(Message):
    """A venue: who answers for it and where it is."""

    structure_id: UUID
    siret: str | None = None
    name: str
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None


class StructureTold(Message):
    """A structure: whom transfers name."""

    siren: str
    name: str
    status: str
