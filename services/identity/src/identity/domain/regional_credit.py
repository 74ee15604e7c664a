"""Regional credits: an envelope with a label, usable inside a perimeter only.

Promised in 2018 (domain.md §2.4, S1: "100 € de la Région …"), never coded then.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What a perimeter looks at in an offer."""

    department: str | None
    subcategory_id: str
    structure_id: str


@dataclass(frozen=True, slots=True)
class Perimeter:
    """Each list narrows; None does not. An offer without a place is outside any list of départements."""

    departments: frozenset[str] | None = None
    subcategory_ids: frozenset[str] | None = None
    structure_ids: frozenset[str] | None = None

    def covers(self, offer: OfferFacts) -> bool:
        return (
            (self.departments is None or offer.department in self.departments)
            and (self.subcategory_ids is None or offer.subcategory_id in self.subcategory_ids)
            and (self.structure_ids is None or offer.structure_id in self.structure_ids)
        )


@dataclass(frozen=True, slots=True)
class RegionalCredit:
    """`label` is what the person reads; `[opens_at, closes_at)` is when it may be spent."""

    label: str
    amount_cents: int
    residents_of: frozenset[str]
    perimeter: Perimeter
    opens_at: datetime
    closes_at: datetime

    def __post_init__(self) -> None:
        if self.amount_cents < 0 or not self.label.strip() or self.opens_at >= self.closes_at:
            raise ValueError("a regional credit has a label, an amount of 0 or more, and a period")

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at

    def belongs_to(self, department: str | None) -> bool:
        """Is somebody who lives in this département given the envelope?"""
        return department in self.residents_of

    def usable_cents(self, spent_cents: int, offer: OfferFacts, now: datetime) -> int:
        """What is left of it for this offer now: 0 outside of the perimeter or the period."""
        if not self.is_open(now) or not self.perimeter.covers(offer):
            return 0
        return max(self.amount_cents - spent_cents, 0)
