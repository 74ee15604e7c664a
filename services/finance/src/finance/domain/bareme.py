"""The barème: degressive rates by cumulated revenue, in each edition (domain.md §5.1, §5.2).

The rate found for the counter *including the current booking* applies to the whole booking;
an amount is never split between tiers.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from chassis.dated import BEGINNING, DatedTable, midnight, row
from finance.domain.money import FULL_RATE_BP
from finance.domain.subcategories import Family


class Tier(NamedTuple):
    """`rate_bp` applies when the counter is strictly above `above_cents`."""

    above_cents: int
    rate_bp: int


class Scope(StrEnum):
    """Whose bookings one counter adds up, and for how long."""

    STRUCTURE = "the structure, for ever"
    VENUE = "the venue, for ever"
    VENUE_YEAR = "the venue, in a civil year (UTC)"
    PRICING_POINT_YEAR = "the pricing point, in a civil year (Paris)"


class Counted(StrEnum):
    """Which bookings push a counter. Collective ones never do; free ones push it by 0."""

    EVERY_INDIVIDUAL = "every individual booking, at face value"
    REIMBURSABLE = "individual bookings of a reimbursed family (an own rule makes no difference)"


class CounterRule(NamedTuple):
    """One way of counting revenue: editions that share it share the counter."""

    scope: Scope
    counted: Counted


class Edition(NamedTuple):
    """One edition: the tiers of both reimbursed families, and the counter they look at."""

    standard: tuple[Tier, ...]
    book: tuple[Tier, ...]
    counter: CounterRule

    def rate_bp(self, family: Family, counter_cents: int) -> int:
        """The rate of a whole booking, given the counter that includes it (cents)."""
        if family is Family.NOT_REIMBURSED:
            return 0
        tiers = self.standard if family is Family.STANDARD else self.book
        rate = FULL_RATE_BP
        for tier in tiers:
            if counter_cents <= tier.above_cents:
                break
            rate = tier.rate_bp
        return rate


def _degressive(*tiers: tuple[int, int]) -> tuple[Tier, ...]:
    """Tiers given as (euros, percent)."""
    return tuple(Tier(euros * 100, percent * 100) for euros, percent in tiers)


def _capped(cap_euros: int, counted: Counted) -> Edition:
    """100 % up to an all-time cap of the structure, nothing for the booking that passes it."""
    cap = _degressive((cap_euros, 0))
    return Edition(cap, cap, CounterRule(Scope.STRUCTURE, counted))


_BOOK: Final = _degressive((20_000, 95))
_OF_2019: Final = _degressive((20_000, 95), (40_000, 85), (100_000, 65))
_OF_SEPTEMBER_2020: Final = _degressive((20_000, 95), (40_000, 85), (100_000, 70))
_OF_OCTOBER_2020: Final = _degressive((20_000, 95), (40_000, 85), (150_000, 70))
_OF_2021: Final = _degressive((20_000, 95), (40_000, 92), (150_000, 90))

_PER_VENUE: Final = CounterRule(Scope.VENUE, Counted.REIMBURSABLE)
_PER_VENUE_AND_YEAR: Final = CounterRule(Scope.VENUE_YEAR, Counted.REIMBURSABLE)
_PER_PRICING_POINT_AND_YEAR: Final = CounterRule(Scope.PRICING_POINT_YEAR, Counted.EVERY_INDIVIDUAL)

_CAP_OF_2018: Final = row(
    BEGINNING,
    _capped(23_000, Counted.EVERY_INDIVIDUAL),
    source="domain.md §5.2 (2018-08: nothing beyond 23 000 € of the structure, all time)",
)
_CAP_OF_MARCH_2019: Final = row(
    midnight("Europe/Paris", 2019, 3, 27),
    _capped(20_000, Counted.EVERY_INDIVIDUAL),
    source="domain.md §5.2 (2019-03-27: cap 20 000 €)",
)
_CAP_OF_JUNE_2019: Final = row(
    midnight("Europe/Paris", 2019, 6, 4),
    _capped(20_000, Counted.REIMBURSABLE),
    source="domain.md §5.2 (2019-06-04: online things excluded from counters)",
)
_FROM_2021: Final = (
    row(
        midnight("Europe/Paris", 2021, 1, 1),
        Edition(_OF_OCTOBER_2020, _BOOK, _PER_VENUE_AND_YEAR),
        source="domain.md §5.2 (2021-01: per-structure cap fully removed)",
        note="same tiers as 2020-10 where degressive rates were on; elsewhere the cap ends here",
    ),
    row(
        midnight("Europe/Paris", 2021, 9, 1),
        Edition(_OF_2021, _BOOK, _PER_VENUE_AND_YEAR),
        source="domain.md §5.1, §5.2 (2021-09-01 Paris: 92 % and 90 %)",
    ),
    row(
        midnight("Europe/Paris", 2022, 1, 1),
        Edition(_OF_2021, _BOOK, _PER_PRICING_POINT_AND_YEAR),
        source="domain.md §5.1, §8 (counter per pricing point and Paris year; 0 % bookings count)",
    ),
)

BAREME: Final = DatedTable(
    name="barème",
    keyed_by="date of use",
    rows=(
        _CAP_OF_2018,
        _CAP_OF_MARCH_2019,
        _CAP_OF_JUNE_2019,
        row(
            midnight("Europe/Paris", 2019, 8, 21),
            Edition(_OF_2019, _BOOK, _PER_VENUE),
            source="domain.md §5.2 (2019-08-20/21: degressive per venue)",
            note="two days are stated; the later one holds, when both changes were in",
        ),
        row(
            midnight("Europe/Paris", 2019, 9, 16),
            Edition(_OF_2019, _BOOK, _PER_VENUE_AND_YEAR),
            source="domain.md §5.2 (2019-09-16: counter reset each civil year)",
        ),
        row(
            midnight("Europe/Paris", 2020, 9, 8),
            Edition(_OF_SEPTEMBER_2020, _BOOK, _PER_VENUE_AND_YEAR),
            source="domain.md §5.2 (2020-09-08: 65 → 70 %)",
        ),
        row(
            midnight("Europe/Paris", 2020, 10, 6),
            Edition(_OF_OCTOBER_2020, _BOOK, _PER_VENUE_AND_YEAR),
            source="domain.md §5.2 (2020-10-06: 100 k threshold → 150 k)",
        ),
        *_FROM_2021,
    ),
)
"""The barème as it was paid. Keyed by date of use (`judging` tells what held for runs before 2021-08-18)."""

BAREME_WITHOUT_DEGRESSIVE_RATES: Final = DatedTable(
    name="barème where the degressive rates were switched off",
    keyed_by="date of use",
    rows=(_CAP_OF_2018, _CAP_OF_MARCH_2019, _CAP_OF_JUNE_2019, *_FROM_2021),
)
"""Degressive rates came behind a switch in 2019-08. Where it stayed off the per-structure cap
lived on until 2021-01, when it was removed for everybody (domain.md §5.2)."""
