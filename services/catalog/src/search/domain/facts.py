"""What other processes published of one venue, offer or stock, as plain values.

Only what search needs. Times are aware; None is "unknown" or, where said, "no limit".
"""

from dataclasses import dataclass
from datetime import datetime

from search.domain.geography import Position


@dataclass(frozen=True, slots=True)
class Venue:
    """`structure_status` travels with the venue: pending, validated, rejected or closed."""

    id: str
    structure_status: str
    name: str
    city: str | None = None
    timezone: str | None = None
    is_virtual: bool = False
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """`product_key` is shared by all offers of the same book or film, whoever sells it."""

    id: str
    venue_id: str
    subcategory_id: str
    name: str
    validation: str
    is_active: bool
    published_at: datetime | None
    description: str | None = None
    artist: str | None = None
    isbn: str | None = None
    product_key: str | None = None
    is_duo: bool = False
    is_digital: bool = False
    ranking_weight: int = 0


@dataclass(frozen=True, slots=True)
class Stock:
    """`quantity` None is unlimited; `booked` is the last figure heard from booking."""

    id: str
    offer_id: str
    price_cents: int
    created_at: datetime
    quantity: int | None = None
    booked: int = 0
    starts_at: datetime | None = None
    booking_limit_at: datetime | None = None
    is_deleted: bool = False
