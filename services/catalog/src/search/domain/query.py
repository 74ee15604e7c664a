"""What a visitor asks for, checked. Filters are those of domain.md §3.7."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from math import isfinite

from search.domain.geography import Position
from search.domain.hits import Place
from search.domain.subcategories import GROUP_OF, SEARCH_GROUPS

DEFAULT_PAGE = 20
MAX_PAGE = 100
MAX_HITS = 1_000
"""Nobody pages further: beyond, one filters better."""

MAX_TEXT = 200
DEFAULT_RADIUS_KM = 100.0
MIN_RADIUS_KM = 0.001
"""What a radius of 0 becomes."""

MAX_RADIUS_KM = 20_100.0
"""Half the Earth's circumference: everywhere."""

NEWEST_DAYS = 15


class InvalidSearch(ValueError):
    """The request makes no sense; `field` says where and `message` why, in French."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.message = f"« {field} » {reason}."


class Sort(StrEnum):
    RELEVANCE = "RELEVANCE"
    DISTANCE = "DISTANCE"
    PRICE = "PRICE"
    DATE = "DATE"


@dataclass(frozen=True, slots=True)
class Near:
    """Where the visitor is. `radius_km` None is "everywhere": the position only ranks."""

    position: Position
    radius_km: float | None = DEFAULT_RADIUS_KM

    def __post_init__(self) -> None:
        latitude, longitude, radius = self.position.latitude, self.position.longitude, self.radius_km
        if not -90 <= latitude <= 90:
            raise InvalidSearch("near.latitude", "doit être compris entre -90 et 90 degrés")
        if not -180 <= longitude <= 180:
            raise InvalidSearch("near.longitude", "doit être compris entre -180 et 180 degrés")
        if radius is None:
            return
        if not isfinite(radius) or not 0 <= radius <= MAX_RADIUS_KM:
            raise InvalidSearch("near.radiusKm", f"doit être compris entre 0 et {MAX_RADIUS_KM:.0f} km")
        object.__setattr__(self, "radius_km", max(radius, MIN_RADIUS_KM))


@dataclass(frozen=True, slots=True)
class Hours:
    """Times of day at the venue, both inclusive; `start` after `end` goes over midnight."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise InvalidSearch("filters.hours", "s'entend à l'heure du lieu, sans décalage")

    def hold(self, seconds: int) -> bool:
        first, last = _seconds(self.start), _seconds(self.end)
        if first <= last:
            return first <= seconds <= last
        return seconds >= first or seconds <= last

    def whole_hours(self) -> list[int]:
        """The hours (0–23) the range touches."""
        first, last = self.start.hour, self.end.hour
        if self.start <= self.end:
            return list(range(first, last + 1))
        return sorted({*range(first, 24), *range(last + 1)})


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


@dataclass(frozen=True, slots=True)
class Filters:
    """All must hold; a default filters nothing.

    `subcategories` and `search_groups` widen each other (any of them). `online`, `events` and
    `things` likewise; all three are the same as none. Prices in cents and dates, both ends
    inclusive; `free` is price 0. One and the same slot must satisfy price, dates, hours and
    `newest`.
    """

    subcategories: frozenset[str] = frozenset()
    search_groups: frozenset[str] = frozenset()
    online: bool = False
    events: bool = False
    things: bool = False
    duo: bool = False
    free: bool = False
    min_price_cents: int | None = None
    max_price_cents: int | None = None
    dates_from: datetime | None = None
    dates_until: datetime | None = None
    hours: Hours | None = None
    newest: bool = False
    digital: bool = True
    """False leaves digital offers out; they are otherwise found around everybody."""

    def __post_init__(self) -> None:
        if unknown := self.subcategories - GROUP_OF.keys():
            raise InvalidSearch("filters.subcategories", f"ne connaît pas {', '.join(sorted(unknown))[:80]}")
        if unknown := self.search_groups - SEARCH_GROUPS:
            raise InvalidSearch("filters.searchGroups", f"ne connaît pas {', '.join(sorted(unknown))[:80]}")
        for name, cents in (("minPriceCents", self.min_price_cents), ("maxPriceCents", self.max_price_cents)):
            if cents is not None and cents < 0:
                raise InvalidSearch(f"filters.{name}", "ne peut pas être négatif")
        low, high = self.min_price_cents, self.max_price_cents
        if self.free and (low or high):
            raise InvalidSearch("filters.free", "ne va pas avec minPriceCents ou maxPriceCents")
        if low is not None and high is not None and low > high:
            raise InvalidSearch("filters.maxPriceCents", "ne peut pas être inférieur à minPriceCents")
        for name, instant in (("dates.from", self.dates_from), ("dates.until", self.dates_until)):
            if instant is not None and instant.tzinfo is None:
                raise InvalidSearch(f"filters.{name}", "doit porter un décalage UTC")
        if self.dates_from and self.dates_until and self.dates_from > self.dates_until:
            raise InvalidSearch("filters.dates.until", "ne peut pas précéder dates.from")

    @property
    def kinds(self) -> frozenset[str]:
        """`online`, `event`, `thing`: any of these will do; empty when all will."""
        chosen = {"online": self.online, "event": self.events, "thing": self.things}
        kinds = frozenset(kind for kind, wanted in chosen.items() if wanted)
        return frozenset() if len(kinds) == len(chosen) else kinds

    @property
    def price_range(self) -> tuple[int, int | None]:
        """Cents, both ends inclusive; no upper end is None."""
        return (0, 0) if self.free else (self.min_price_cents or 0, self.max_price_cents)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`now` decides what is bookable. Wanted are the first `limit` hits between two places, or the last ones.

    Neither `after` nor `before` is itself part of the page, which is in the search's own order either way.
    """

    now: datetime
    text: str = ""
    near: Near | None = None
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    limit: int = DEFAULT_PAGE
    after: Place | None = None
    before: Place | None = None
    from_end: bool = False

    def __post_init__(self) -> None:
        if len(self.text) > MAX_TEXT:
            raise InvalidSearch("query", f"ne peut pas dépasser {MAX_TEXT} caractères")
        if self.sort is Sort.DISTANCE and self.near is None:
            raise InvalidSearch("sort", "DISTANCE demande une position (near)")
        if not 1 <= self.limit <= MAX_PAGE:
            raise InvalidSearch("first", f"doit être compris entre 1 et {MAX_PAGE}")
