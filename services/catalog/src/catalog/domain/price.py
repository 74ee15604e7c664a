"""What an offer may cost (domain.md §3.3, §8)."""

from dataclasses import dataclass
from datetime import datetime

from catalog.domain.refusals.stock import (
    DuplicatePriceCategory,
    InvalidPriceLabel,
    NegativePrice,
    PriceTooHigh,
)
from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.text import folded, one_line

NEW_CALEDONIA = "988"
_PARITY_FRANCS, _PARITY_CENTS = 1_000, 838
"""1 000 F CFP are 8,38 € for ever."""
_SMALLEST_COIN_FRANCS = 5

PriceRefusal = NegativePrice | PriceTooHigh
PriceCategoryRefusal = InvalidPriceLabel | DuplicatePriceCategory | PriceRefusal

DEFAULT_PRICE_LABEL = "Tarif unique"
MAX_LABEL_LENGTH = 50


@dataclass(frozen=True, slots=True)
class PriceCeiling:
    """Highest price of one stock, in cents, inclusive; None means no ceiling.

    In New Caledonia the same for things and events; None means as elsewhere.
    """

    thing_cents: int | None
    event_cents: int | None
    new_caledonia_cents: int | None = None


PRICE_CEILINGS = DatedTable(
    name="price ceiling",
    keyed_by="instant at which the stock is saved",
    rows=(
        row(BEGINNING, PriceCeiling(None, None), source="A@2018-12", note="no ceiling stated before 2021"),
        row(
            midnight("Europe/Paris", 2021, 1, 1),
            PriceCeiling(thing_cents=300_00, event_cents=None),
            source="A:core/offers/validation.py; domain.md §3.3, §8",
            note="the source gives the year only",
        ),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            PriceCeiling(thing_cents=300_00, event_cents=300_00),
            source="M:core/offers/validation.py; domain.md §3.2, §8",
            note="the source says 2022 or later",
        ),
        row(
            midnight("Europe/Paris", 2024, 1, 1),
            PriceCeiling(thing_cents=300_00, event_cents=300_00, new_caledonia_cents=200_00),
            source="M:core/offers/validation.py, its tests: 23 865 F CFP (case S02)",
            note="≈ year in which New Caledonia is let in (case N07)",
        ),
    ),
)


def pacific_francs(amount_cents: int) -> int:
    """What can be paid there with this amount: by the fixed parity, down to the smallest coin of 5 F."""
    whole = amount_cents * _PARITY_FRANCS // _PARITY_CENTS
    return whole - whole % _SMALLEST_COIN_FRANCS


def check_price(
    price_cents: int,
    now: datetime,
    *,
    is_event: bool,
    is_educational: bool = False,
    department_code: str | None = None,
) -> PriceRefusal | None:
    """0 is free and allowed; the ceiling itself is allowed; class offers know no ceiling here.

    `department_code` is the venue's; None for a virtual one.
    """
    if price_cents < 0:
        return NegativePrice(price_cents)
    ceiling = PRICE_CEILINGS.at(now)
    there_cents = ceiling.new_caledonia_cents if department_code == NEW_CALEDONIA else None
    if there_cents is not None and not is_educational and price_cents > there_cents:
        return PriceTooHigh(price_cents, there_cents, pacific_francs(there_cents))
    ceiling_cents = ceiling.event_cents if is_event else ceiling.thing_cents
    if is_educational or ceiling_cents is None or price_cents <= ceiling_cents:
        return None
    return PriceTooHigh(price_cents, ceiling_cents)


@dataclass(frozen=True, slots=True)
class PriceCategory:
    """A named price of an event."""

    label: str
    price_cents: int


def check_price_categories(
    categories: tuple[PriceCategory, ...],
    now: datetime,
    *,
    is_educational: bool = False,
    department_code: str | None = None,
) -> PriceCategoryRefusal | None:
    """Labels differ without regard to case; each price obeys the ceiling of events."""
    seen: set[str] = set()
    for category in categories:
        label = one_line(category.label)
        if not 1 <= len(label) <= MAX_LABEL_LENGTH:
            return InvalidPriceLabel(category.label[:MAX_LABEL_LENGTH], MAX_LABEL_LENGTH)
        if folded(label) in seen:
            return DuplicatePriceCategory(label)
        seen.add(folded(label))
        refusal = check_price(
            category.price_cents,
            now,
            is_event=True,
            is_educational=is_educational,
            department_code=department_code,
        )
        if refusal is not None:
            return refusal
    return None
