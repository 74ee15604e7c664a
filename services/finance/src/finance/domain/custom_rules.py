"""Own rules: a rate or an amount per unit agreed for one offer, venue or structure (domain.md §5.1).

A rule beats the whole barème, NOT_REIMBURSED included. The most precise target wins.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from typing import Final
from uuid import UUID

from chassis.refusals import Refusal
from finance.domain.bookings import UsedBooking
from finance.domain.calendar import PARIS
from finance.domain.money import FULL_RATE_BP, share
from finance.domain.refusals import (
    PriceFixedByOwnRule,
    RuleEndAlreadySet,
    RuleEndsTooSoon,
    RuleOverlaps,
    RuleStartsTooSoon,
    RuleSubcategoriesUnknown,
    RuleValueInvalid,
)
from finance.domain.subcategories import SUBCATEGORIES


class TargetKind(IntEnum):
    """What a rule is about, most precise first. Venues can be targets since 2022."""

    OFFER = 1
    VENUE = 2
    STRUCTURE = 3


@dataclass(frozen=True, slots=True)
class CustomRule:
    """`rate_bp` (basis points) or `amount_cents` per unit, over `[valid_from, valid_until)` of dates of use.

    No sub-category means all of them; `valid_until` None means for good.
    """

    id: UUID
    target_kind: TargetKind
    target_id: UUID
    valid_from: datetime
    valid_until: datetime | None = None
    subcategories: frozenset[str] = frozenset()
    rate_bp: int | None = None
    amount_cents: int | None = None

    def applies_to(self, subcategory_id: str, used_at: datetime) -> bool:
        return (
            self.valid_from <= used_at
            and (self.valid_until is None or used_at < self.valid_until)
            and (not self.subcategories or subcategory_id in self.subcategories)
        )

    def reimbursed_cents(self, booking: UsedBooking) -> int:
        """A share of the total, or the agreed amount for each unit (which may exceed the price)."""
        if self.rate_bp is not None:
            return share(booking.total_cents, self.rate_bp)
        assert self.amount_cents is not None
        return self.amount_cents * booking.quantity


class CustomRules:
    """Own rules by target, to find the one of a booking without looking at all of them."""

    def __init__(self, rules: Iterable[CustomRule] = ()) -> None:
        self._by_target: dict[tuple[TargetKind, UUID], list[CustomRule]] = {}
        for rule in rules:
            self._by_target.setdefault((rule.target_kind, rule.target_id), []).append(rule)

    def __bool__(self) -> bool:
        return bool(self._by_target)

    def for_booking(self, booking: UsedBooking) -> CustomRule | None:
        """The rule of a booking by its date of use: its offer's, else its venue's, else its structure's.

        A venue's rule is looked up at the pricing point, whose counter the booking pushes.
        """
        for target in (
            (TargetKind.OFFER, booking.offer_id),
            (TargetKind.VENUE, booking.pricing_point_id),
            (TargetKind.STRUCTURE, booking.structure_id),
        ):
            for rule in self._by_target.get(target, ()):
                if rule.applies_to(booking.subcategory_id, booking.used_at):
                    return rule
        return None


def _tomorrow(now: datetime) -> datetime:
    """The next midnight in Paris."""
    today: date = now.astimezone(PARIS).date()
    return datetime.combine(today + timedelta(days=1), time.min, PARIS)


def _value_is_valid(rule: CustomRule, existing: Iterable[CustomRule], now: datetime) -> Refusal | None:
    if (rule.rate_bp is None) == (rule.amount_cents is None):
        return RuleValueInvalid()
    if rule.rate_bp is not None and not 0 <= rule.rate_bp <= FULL_RATE_BP:
        return RuleValueInvalid()
    if rule.amount_cents is not None and rule.amount_cents < 0:
        return RuleValueInvalid()
    return None


def _subcategories_are_known(
    rule: CustomRule, existing: Iterable[CustomRule], now: datetime
) -> Refusal | None:
    unknown = rule.subcategories - SUBCATEGORIES
    return RuleSubcategoriesUnknown(tuple(sorted(unknown))) if unknown else None


def _starts_tomorrow_or_later(
    rule: CustomRule, existing: Iterable[CustomRule], now: datetime
) -> Refusal | None:
    earliest = _tomorrow(now)
    return RuleStartsTooSoon(earliest) if rule.valid_from < earliest else None


def _ends_after_it_starts(rule: CustomRule, existing: Iterable[CustomRule], now: datetime) -> Refusal | None:
    if rule.valid_until is not None and rule.valid_until <= rule.valid_from:
        return RuleEndsTooSoon(rule.valid_from)
    return None


def _does_not_overlap(rule: CustomRule, existing: Iterable[CustomRule], now: datetime) -> Refusal | None:
    clashing = tuple(other.id for other in existing if _overlap(rule, other))
    return RuleOverlaps(clashing) if clashing else None


def _overlap(one: CustomRule, other: CustomRule) -> bool:
    """Same target, a common sub-category (none named: all of them) and a common instant."""
    same_target = (one.target_kind, one.target_id) == (other.target_kind, other.target_id)
    common_subcategory = (
        not one.subcategories or not other.subcategories or bool(one.subcategories & other.subcategories)
    )
    one_ends_first = one.valid_until is not None and one.valid_until <= other.valid_from
    other_ends_first = other.valid_until is not None and other.valid_until <= one.valid_from
    return same_target and common_subcategory and not one_ends_first and not other_ends_first


_CREATION_RULES: Final[tuple[Callable[[CustomRule, Iterable[CustomRule], datetime], Refusal | None], ...]] = (
    _value_is_valid,
    _subcategories_are_known,
    _starts_tomorrow_or_later,
    _ends_after_it_starts,
    _does_not_overlap,
)


def refuse_creation(rule: CustomRule, existing: Iterable[CustomRule], now: datetime) -> Refusal | None:
    """Why this rule cannot be created beside the `existing` ones, or None. First refusal wins."""
    for check in _CREATION_RULES:
        refusal = check(rule, existing, now)
        if refusal is not None:
            return refusal
    return None


def refuse_end(rule: CustomRule, end: datetime, now: datetime) -> Refusal | None:
    """Why `end` cannot be given to a rule, or None.

    Only once, tomorrow (midnight in Paris) at the earliest, and after the rule's start.
    """
    if rule.valid_until is not None:
        return RuleEndAlreadySet(rule.valid_until)
    earliest = _tomorrow(now)
    if end < earliest:
        return RuleEndsTooSoon(earliest)
    return RuleEndsTooSoon(rule.valid_from) if end <= rule.valid_from else None


def refuse_price_change(
    offer_id: UUID, rules: Iterable[CustomRule], now: datetime
) -> PriceFixedByOwnRule | None:
    """While an offer has an own rule, now or to come, the prices of its stocks are fixed.

    A rule that has ended (`valid_until`, exclusive) fixes nothing any more.
    """
    for rule in rules:
        ended = rule.valid_until is not None and rule.valid_until <= now
        if rule.target_kind is TargetKind.OFFER and rule.target_id == offer_id and not ended:
            return PriceFixedByOwnRule()
    return None
