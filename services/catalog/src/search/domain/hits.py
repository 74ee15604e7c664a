"""What a search answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from search.domain.geography import Position


@dataclass(frozen=True, slots=True)
class Hit:
    """One offer. Prices (cents) and starts are those of the slots that answered, sorted.

    `distance_km` is None without a position to measure from, and for offers without a place.
    """

    offer_id: str
    name: str
    venue_name: str
    city: str | None
    subcategory_id: str
    search_group: str | None
    is_duo: bool
    is_digital: bool
    map_position: Position
    distance_km: float | None
    prices_cents: Sequence[int]
    dates: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Page:
    hits: Sequence[Hit]
    has_next: bool
    """More hits follow, within the first 1 000."""
