"""What decides whether an offer can be seen and booked, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog.domain.compliance import OfferValidation


class StructureStatus(StrEnum):
    """As identity publishes it; PENDING too for a structure whose event has not come yet."""

    PENDING = "pending"
    VALIDATED = "validated"
    REJECTED = "rejected"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StockFacts:
    """`quantity` None means unlimited; `booked` counts places of bookings not cancelled."""

    price_cents: int
    quantity: int | None
    starts_at: datetime | None = None
    booking_limit_at: datetime | None = None
    booked: int = 0
    is_deleted: bool = False

    @property
    def remaining(self) -> int | None:
        """Places left, None when unlimited; never negative."""
        return None if self.quantity is None else max(self.quantity - self.booked, 0)


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """`is_active` is the switch of 2021; `published_at` and `booking_allowed_at` are the dates of 2024."""

    validation: OfferValidation
    is_active: bool
    stocks: tuple[StockFacts, ...]
    published_at: datetime | None = None
    booking_allowed_at: datetime | None = None
    is_educational: bool = False


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """The structure and the venue that make the offer."""

    structure_status: StructureStatus
    venue_is_validated: bool = True
