"""When a stock can be booked, condition by condition (domain.md §3.4).

An offer is searchable as long as at least one of its stocks is bookable. Some conditions
last until somebody changes something; three depend on the hour and are summed up as a
half-open period, so that a search at any instant can tell by comparing two numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from search.domain.facts import Offer, Stock, Venue


class Condition(StrEnum):
    """Each reason for which a stock may not be bookable, by name."""

    STOCK_NOT_DELETED = "STOCK_NOT_DELETED"
    START_IN_FUTURE = "START_IN_FUTURE"
    LIMIT_IN_FUTURE = "LIMIT_IN_FUTURE"
    PLACES_LEFT = "PLACES_LEFT"
    OFFER_ACTIVE = "OFFER_ACTIVE"
    OFFER_APPROVED = "OFFER_APPROVED"
    OFFER_PUBLISHED = "OFFER_PUBLISHED"
    STRUCTURE_VALIDATED = "STRUCTURE_VALIDATED"


Rule = Callable[[Venue, Offer, Stock], bool]
RuleAt = Callable[[Offer, Stock, datetime], bool]

_LASTING: tuple[tuple[Condition, Rule], ...] = (
    (Condition.STOCK_NOT_DELETED, lambda _, __, stock: not stock.is_deleted),
    (Condition.PLACES_LEFT, lambda _, __, stock: stock.quantity is None or stock.quantity > stock.booked),
    (Condition.OFFER_ACTIVE, lambda _, offer, __: offer.is_active),
    (Condition.OFFER_APPROVED, lambda _, offer, __: offer.validation == "APPROVED"),
    (Condition.OFFER_PUBLISHED, lambda _, offer, __: offer.published_at is not None),
    (Condition.STRUCTURE_VALIDATED, lambda venue, _, __: venue.structure_status == "validated"),
)

_TIMED: tuple[tuple[Condition, RuleAt], ...] = (
    (
        Condition.OFFER_PUBLISHED,
        lambda offer, _, now: offer.published_at is None or offer.published_at <= now,
    ),
    (Condition.START_IN_FUTURE, lambda _, stock, now: stock.starts_at is None or stock.starts_at > now),
    (
        Condition.LIMIT_IN_FUTURE,
        lambda _, stock, now: stock.booking_limit_at is None or stock.booking_limit_at > now,
    ),
)


def unmet(venue: Venue, offer: Offer, stock: Stock, now: datetime) -> tuple[Condition, ...]:
    """The conditions that keep this stock from being booked at `now`; none means bookable.

    A start or a limit equal to `now` is past; a publication at `now` is done.
    """
    lasting = [condition for condition, holds in _LASTING if not holds(venue, offer, stock)]
    timed = [condition for condition, holds in _TIMED if not holds(offer, stock, now)]
    return (*lasting, *timed)


@dataclass(frozen=True, slots=True)
class Period:
    """`[opens_at, lapses_at)`; `lapses_at` None never lapses."""

    opens_at: datetime
    lapses_at: datetime | None

    def holds_at(self, now: datetime) -> bool:
        return self.opens_at <= now and (self.lapses_at is None or now < self.lapses_at)


def bookable_period(venue: Venue, offer: Offer, stock: Stock) -> Period | None:
    """When the stock is bookable if nobody changes anything; None when it is not at any time.

    `period.holds_at(now)` is the same verdict as `unmet(…, now)` being empty.
    """
    if offer.published_at is None or not all(holds(venue, offer, stock) for _, holds in _LASTING):
        return None
    ends = [end for end in (stock.starts_at, stock.booking_limit_at) if end is not None]
    return Period(offer.published_at, min(ends, default=None))
