"""What a search answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from search.domain.geography import Position


class Place(NamedTuple):
    """Where a hit stands among all of a search: they come in growing order of this.

    `rank` counts the readings and tiers before it, `key` is what was sorted by (cents, seconds, kilometres, or
    relevance, turned round), and `product` settles ties. It stays true whatever comes before or after it.
    """

    rank: int
    key: float
    product: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One offer. Prices (cents) and starts are those of the slots that answered, sorted.

    `distance_km` is None without a position to measure from, and for offers without a place.
    """

    offer_id: str
    name: str
    venue_name: str
    city: str | None
    timezone: str
    subcategory_id: str
    search_group: str | None
    is_duo: bool
    is_digital: bool
    map_position: Position
    distance_km: float | None
    prices_cents: Sequence[int]
    dates: Sequence[datetime]
    place: Place


@dataclass(frozen=True, slots=True)
class Page:
    hits: Sequence[Hit]
    has_more: bool
    """More hits follow within the first 1 000; of a page from the end, more come before it."""
