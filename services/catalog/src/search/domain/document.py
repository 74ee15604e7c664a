"""An offer as the index holds it: one document, with the slots one may book."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from search.domain.bookability import bookable_period
from search.domain.facts import Offer, Stock, Venue
from search.domain.geography import CENTRE_OF_FRANCE, Position
from search.domain.instants import from_microseconds, microseconds, optional_microseconds
from search.domain.subcategories import EVENTS, GROUP_OF, UNGROUPED

_PARIS = ZoneInfo("Europe/Paris")


class Slot(NamedTuple):
    """A stock that can be booked until it lapses. Instants are microseconds (UTC).

    `local_seconds` is the start's time of day at the venue, in seconds since midnight: who
    looks for "from 18:00" means the clock on the wall there (§3.7 kept UTC, a quirk of 2021).
    """

    price_cents: int
    created_us: int
    starts_us: int | None
    lapses_us: int | None
    local_seconds: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a search filters, sorts and shows of one offer.

    `position` is None when the offer has no place: it is then shown at the centre of France
    but never near anybody.
    """

    offer_id: str
    name: str
    description: str
    artist: str
    isbn: str | None
    venue_name: str
    city: str | None
    timezone: str
    subcategory_id: str
    search_group: str | None
    is_event: bool
    is_duo: bool
    is_digital: bool
    position: Position | None
    product_key: str
    ranking_weight: int
    opens_us: int
    slots: tuple[Slot, ...]

    @property
    def map_position(self) -> Position:
        """`_geoloc` (domain.md §3.7)."""
        return self.position or CENTRE_OF_FRANCE

    @property
    def lapses_us(self) -> int | None:
        """From then on no slot is bookable; None when one never lapses."""
        ends = [slot.lapses_us for slot in self.slots]
        return None if None in ends else max(end for end in ends if end is not None)

    @property
    def next_lapse_us(self) -> int | None:
        """The first instant at which a slot stops being bookable: the document is then worth rebuilding."""
        return min((slot.lapses_us for slot in self.slots if slot.lapses_us is not None), default=None)


def document(
    venue: Venue, offer: Offer, stocks: Iterable[Stock], horizon: datetime | None
) -> Document | None:
    """The document of an offer; None when none of its stocks is or will be bookable.

    Stocks that lapsed at or before `horizon` are left out; None keeps all whose conditions
    hold at some instant (for a clock that may be moved back).
    """
    zone = _zone(venue)
    slots = [
        Slot(
            price_cents=stock.price_cents,
            created_us=microseconds(stock.created_at),
            starts_us=optional_microseconds(stock.starts_at),
            lapses_us=optional_microseconds(period.lapses_at),
            local_seconds=None if stock.starts_at is None else _local_seconds(stock.starts_at, zone),
        )
        for stock in stocks
        if (period := bookable_period(venue, offer, stock)) is not None
        and (horizon is None or period.lapses_at is None or period.lapses_at > horizon)
    ]
    if not slots or offer.published_at is None:
        return None
    group = GROUP_OF.get(offer.subcategory_id, UNGROUPED)
    is_digital = offer.is_digital or venue.is_virtual
    return Document(
        offer_id=offer.id,
        name=offer.name,
        description=offer.description or "",
        artist=offer.artist or "",
        isbn=offer.isbn,
        venue_name=venue.name,
        city=venue.city,
        timezone=zone.key,
        subcategory_id=offer.subcategory_id,
        search_group=None if group == UNGROUPED else group,
        is_event=offer.subcategory_id in EVENTS,
        is_duo=offer.is_duo,
        is_digital=is_digital,
        position=None if is_digital else venue.position,
        product_key=offer.product_key or offer.id,
        ranking_weight=max(0, offer.ranking_weight),
        opens_us=microseconds(offer.published_at),
        slots=tuple(sorted(set(slots), key=_by_start)),
    )


def _by_start(slot: Slot) -> tuple[int, int, int]:
    return (slot.starts_us or 0, slot.price_cents, slot.created_us)


def _zone(venue: Venue) -> ZoneInfo:
    try:
        return ZoneInfo(venue.timezone) if venue.timezone else _PARIS
    except (ZoneInfoNotFoundError, ValueError):
        return _PARIS


def _local_seconds(instant: datetime, zone: ZoneInfo) -> int:
    local = instant.astimezone(zone)
    return local.hour * 3600 + local.minute * 60 + local.second


def starts(slots: Iterable[Slot]) -> list[datetime]:
    """The distinct starts, sorted; empty for a thing."""
    return [
        from_microseconds(start) for start in sorted({s.starts_us for s in slots if s.starts_us is not None})
    ]


def prices_cents(slots: Iterable[Slot]) -> list[int]:
    """The distinct prices, sorted."""
    return sorted({slot.price_cents for slot in slots})
