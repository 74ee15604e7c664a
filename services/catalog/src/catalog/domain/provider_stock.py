"""Arithmetic of stocks kept by an external system: a *fournisseur* (domain.md §3.8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from chassis.dated import BEGINNING, DatedTable, midnight, row

SILENCE_BEFORE_ZERO = timedelta(days=2)
"""After two days without an answer, what the provider offered is offered no more."""

ANSWERS_MISSED_BEFORE_ALERT = 2

OPEN_AGENDA_IMPORT = DatedTable(
    name="OpenAgenda import",
    keyed_by="instant of the import",
    rows=(
        row(BEGINNING, True, source="S1; A@2018-08:local_providers/openagenda; domain.md §3.8, §8"),
        row(midnight("Europe/Paris", 2019, 9, 5), False, source="A@2019-09; domain.md §8", note="removed"),
    ),
)


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """One line of an answer: `available` places not yet booked, price in cents if given."""

    ref: str
    available: int
    price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class ProviderStock:
    """What a line makes of a stock."""

    quantity: int
    price_cents: int


class SkippedLine(StrEnum):
    NO_REFERENCE = "NO_REFERENCE"
    NEGATIVE_AVAILABLE = "NEGATIVE_AVAILABLE"
    NO_PRICE = "NO_PRICE"
    NOTHING_TO_OFFER = "NOTHING_TO_OFFER"


def price_in_cents(price: Decimal | None, *, is_in_cents: bool) -> int | None:
    """A provider's price in cents, half a cent rounded up; "" and 0 are given as None by the caller."""
    if price is None:
        return None
    amount = price if is_in_cents else price * 100
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def apply_line(
    line: ProviderLine, *, booked: int, is_new: bool, product_price_cents: int | None
) -> ProviderStock | SkippedLine:
    """The stock after a line: quantity = available + already booked, price of the line or else the product's.

    A new offer is only made when something is available.
    """
    if not line.ref:
        return SkippedLine.NO_REFERENCE
    if line.available < 0:
        return SkippedLine.NEGATIVE_AVAILABLE
    if is_new and line.available == 0:
        return SkippedLine.NOTHING_TO_OFFER
    price_cents = product_price_cents if line.price_cents is None else line.price_cents
    if price_cents is None:
        return SkippedLine.NO_PRICE
    return ProviderStock(line.available + booked, price_cents)


def last_of_each(lines: Iterable[ProviderLine]) -> tuple[ProviderLine, ...]:
    """One line per reference: the last one wins, in order of first mention."""
    return tuple({line.ref: line for line in lines}.values())


def quantity_after_provider_change(booked: int) -> int:
    """A venue that changes provider offers nothing but what is already booked."""
    return booked


class Silence(StrEnum):
    """What to do about a provider that does not answer."""

    NOTHING = "NOTHING"
    ALERT = "ALERT"
    STOCKS_TO_ZERO = "STOCKS_TO_ZERO"


def on_silence(*, missed_answers: int, last_answer_at: datetime, now: datetime) -> Silence:
    """Two missed answers call for an alert; two days of silence (inclusive) bring the stocks to zero."""
    if now - last_answer_at >= SILENCE_BEFORE_ZERO:
        return Silence.STOCKS_TO_ZERO
    return Silence.ALERT if missed_answers >= ANSWERS_MISSED_BEFORE_ALERT else Silence.NOTHING
