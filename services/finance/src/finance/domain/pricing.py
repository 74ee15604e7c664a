"""What the place is paid for each used booking (domain.md §5.1). Pure, and made to price a year at once."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from chassis.dated import DatedTable
from finance.domain.bareme import BAREME, CounterRule, Edition
from finance.domain.bookings import UsedBooking
from finance.domain.counters import Counters, counter_key, counts
from finance.domain.custom_rules import CustomRule, CustomRules
from finance.domain.judging import FIRST_OF_COLLECTIVE, First, JudgedOn
from finance.domain.money import FULL_RATE_BP, share
from finance.domain.ordering import in_pricing_order
from finance.domain.subcategories import FAMILIES, Family, UnknownSubcategory

_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)


class Rule(StrEnum):
    """Which part of the rules gave the amount; invoices group their lines by it (domain.md §5.5)."""

    STANDARD = "STANDARD"
    BOOK = "BOOK"
    NOT_REIMBURSED = "NOT_REIMBURSED"
    COLLECTIVE = "COLLECTIVE"
    CUSTOM = "CUSTOM"


class Pricing(NamedTuple):
    """A booking's price. `revenue_cents` is the counter after it; `rate_bp` is None for amount rules.

    `contribution_cents` is what the place bears: negative only when an own rule pays over the price.
    """

    booking_id: UUID
    booked_cents: int
    reimbursed_cents: int
    rate_bp: int | None
    rule: Rule
    custom_rule_id: UUID | None
    revenue_cents: int

    @property
    def contribution_cents(self) -> int:
        return self.booked_cents - self.reimbursed_cents

    @property
    def amount_cents(self) -> int:
        """As pricings are kept since 2022: negative when the platform owes the place (domain.md §5.5)."""
        return -self.reimbursed_cents


class _Regime(NamedTuple):
    """All that holds between two changes of any dated table, kept while bookings stay within."""

    start: datetime
    end: datetime
    edition: Edition
    families: dict[str, Family]
    pushed: tuple[CounterRule, ...]
    """The edition's own counter first."""


class Pricer:
    """Prices bookings that arrive in pricing order (see `ordering`); holds the counters between them.

    A booking pushes the counter of its own edition and those of later editions, so that a change of
    scope finds the revenue it looks back at (a venue's all-time counter of 2019 includes 2018).
    """

    def __init__(
        self,
        *,
        custom_rules: CustomRules | None = None,
        counters: Counters | None = None,
        judged_on: JudgedOn = JudgedOn.USED_AT,
        bareme: DatedTable[Edition] = BAREME,
    ) -> None:
        self._custom_rules = custom_rules or CustomRules()
        self._counters = counters or Counters()
        self._judged_on_use = judged_on is JudgedOn.USED_AT
        self._bareme = bareme
        self._regime = self._regime_at(_END_OF_TIME)

    def price(self, booking: UsedBooking) -> Pricing:
        """Count the booking, then give its price. Raises UnknownSubcategory before counting anything."""
        judged_at = booking.used_at if self._judged_on_use else booking.created_at
        regime = self._regime
        if not regime.start <= judged_at < regime.end:
            regime = self._regime = self._regime_at(judged_at)
        family = regime.families.get(booking.subcategory_id)
        if family is None:
            raise UnknownSubcategory(booking.subcategory_id)

        booked_cents = booking.unit_price_cents * booking.quantity
        revenue_cents = self._count(booking, regime, family, booked_cents, judged_at)

        own_rule = self._own_rule(booking) if self._custom_rules else None
        if own_rule is not None:
            paid_cents = own_rule.reimbursed_cents(booking)
            rate, rule, rule_id = own_rule.rate_bp, Rule.CUSTOM, own_rule.id
        else:
            if booking.is_collective:
                rate, rule = FULL_RATE_BP, Rule.COLLECTIVE
            else:
                rate, rule = regime.edition.rate_bp(family, revenue_cents), _RULE_OF[family]
            paid_cents, rule_id = share(booked_cents, rate), None
        return Pricing(booking.booking_id, booked_cents, paid_cents, rate, rule, rule_id, revenue_cents)

    def _own_rule(self, booking: UsedBooking) -> CustomRule | None:
        if booking.is_collective and FIRST_OF_COLLECTIVE.at(booking.used_at) is First.COLLECTIVE:
            return None
        return self._custom_rules.for_booking(booking)

    def _count(
        self, booking: UsedBooking, regime: _Regime, family: Family, booked_cents: int, judged_at: datetime
    ) -> int:
        """Push the edition's own counter, then those of later editions; the own one, after it."""
        revenues = [
            self._counters.add(
                counter_key(rule, booking, judged_at),
                booked_cents if counts(rule, family, is_collective=booking.is_collective) else 0,
            )
            for rule in regime.pushed
        ]
        return revenues[0]

    def _regime_at(self, instant: datetime) -> _Regime:
        starts, ends = [], [_END_OF_TIME]
        for table in (self._bareme, FAMILIES):
            for start, end, edition in table.periods():
                if edition is table.row_at(instant):
                    starts.append(start.astimezone(UTC))
                    ends.append(end.astimezone(UTC) if end else _END_OF_TIME)
        current = self._bareme.row_at(instant)
        from_here_on = self._bareme.rows[self._bareme.rows.index(current) :]
        return _Regime(
            max(starts),
            min(ends),
            current.value,
            dict(FAMILIES.at(instant)),
            tuple(dict.fromkeys(edition.value.counter for edition in from_here_on)),
        )


_RULE_OF: Final = {family: Rule(family.value) for family in Family}


def price_all(
    bookings: Iterable[UsedBooking],
    *,
    custom_rules: CustomRules | None = None,
    judged_on: JudgedOn = JudgedOn.USED_AT,
    bareme: DatedTable[Edition] = BAREME,
) -> Iterator[Pricing]:
    """Prices of bookings given in any order, in pricing order, from empty counters."""
    pricer = Pricer(custom_rules=custom_rules, judged_on=judged_on, bareme=bareme)
    for booking in in_pricing_order(bookings):
        yield pricer.price(booking)
