"""Revenue counters, in the scope each edition of the barème gives them (domain.md §5.1, What counts)."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from finance.domain.bareme import Counted, CounterRule, Scope
from finance.domain.bookings import UsedBooking
from finance.domain.calendar import civil_year_paris, civil_year_utc
from finance.domain.subcategories import Family

CounterKey = tuple[CounterRule, UUID, int | None]
"""One counter: how it counts, whose it is, and its civil year (None: for ever)."""


def counter_key(rule: CounterRule, booking: UsedBooking, judged_at: datetime) -> CounterKey:
    """Which counter of this rule a booking belongs to; `judged_at` gives the year where one counts."""
    match rule.scope:
        case Scope.PRICING_POINT_YEAR:
            return rule, booking.pricing_point_id, civil_year_paris(judged_at)
        case Scope.VENUE_YEAR:
            return rule, booking.venue_id, civil_year_utc(judged_at)
        case Scope.VENUE:
            return rule, booking.venue_id, None
        case Scope.STRUCTURE:
            return rule, booking.structure_id, None
        case _ as unreachable:
            assert_never(unreachable)


def counts(rule: CounterRule, family: Family, *, is_collective: bool) -> bool:
    """Whether a booking pushes the counter. Collective ones never do (domain.md §5.1).

    The one known exception of the old code, a collective booking of a book, cannot occur:
    no sub-category of the book family may be sold to schools.
    """
    if is_collective:
        return False
    return rule.counted is Counted.EVERY_INDIVIDUAL or family is not Family.NOT_REIMBURSED


class Counters:
    """Cents of revenue by counter. Starts empty; `start_at` sets what earlier runs left."""

    def __init__(self) -> None:
        self._cents: dict[CounterKey, int] = {}

    def start_at(self, key: CounterKey, revenue_cents: int) -> None:
        self._cents[key] = revenue_cents

    def add(self, key: CounterKey, amount_cents: int) -> int:
        """The counter after adding; 0 € reads it."""
        revenue = self._cents.get(key, 0) + amount_cents
        self._cents[key] = revenue
        return revenue
