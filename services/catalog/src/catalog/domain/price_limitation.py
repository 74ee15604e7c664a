"""How far the price of an accepted offer may move from the price it was accepted at (case S03).

The team may set a rate, in percent, for a sub-category; without one prices move freely.
"""

from collections.abc import Iterable
from datetime import datetime

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import StockFacts
from catalog.domain.refusals.stock import PriceMovedTooFar
from chassis.dated import BEGINNING, DatedTable, midnight, row

PRICE_MOVES_ARE_LIMITED = DatedTable(
    name="whether the price of an accepted offer is held near the one it was accepted at",
    keyed_by="instant at which the stock is saved",
    rows=(
        row(BEGINNING, False, source="A:core/offers/validation.py"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            True,
            source="M:backoffice/offer_price_limitation_rules; capabilities.md §7.24",
            note="the source says 2022 or later",
        ),
    ),
)


def check_price_move(
    price_cents: int, accepted_price_cents: int | None, rate_percent: int | None, now: datetime
) -> PriceMovedTooFar | None:
    """Up or down by the rate itself is allowed: at 50 %, 80 € may become 40 € to 120 €.

    `accepted_price_cents` None: not accepted yet. `rate_percent` None: no rule for the sub-category.
    """
    if accepted_price_cents is None or rate_percent is None or not PRICE_MOVES_ARE_LIMITED.at(now):
        return None
    if abs(price_cents - accepted_price_cents) * 100 <= accepted_price_cents * rate_percent:
        return None
    return PriceMovedTooFar(price_cents, accepted_price_cents, rate_percent)


def accepted_price(
    before: OfferValidation, after: OfferValidation, stocks: Iterable[StockFacts], held_cents: int | None
) -> int | None:
    """The price to hold from now on, in cents: the highest on the day of the acceptance, else as it was."""
    if before is after or after is not OfferValidation.APPROVED:
        return held_cents
    return max((stock.price_cents for stock in stocks if not stock.is_deleted), default=held_cents)
