"""The status of an offer as its pro sees it: the first that matches (domain.md §3.2)."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import OfferFacts, StockFacts
from chassis.dated import BEGINNING, DatedTable, midnight, row


class OfferStatus(StrEnum):
    REJECTED = "REJECTED"
    PENDING = "PENDING"
    DRAFT = "DRAFT"
    INACTIVE = "INACTIVE"
    SCHEDULED = "SCHEDULED"
    PUBLISHED = "PUBLISHED"
    EXPIRED = "EXPIRED"
    SOLD_OUT = "SOLD_OUT"
    ACTIVE = "ACTIVE"


def _live(offer: OfferFacts) -> list[StockFacts]:
    return [stock for stock in offer.stocks if not stock.is_deleted]


def _is_rejected(offer: OfferFacts, now: datetime) -> bool:
    return offer.validation is OfferValidation.REJECTED


def _is_pending(offer: OfferFacts, now: datetime) -> bool:
    return offer.validation is OfferValidation.PENDING


def _is_draft(offer: OfferFacts, now: datetime) -> bool:
    return offer.validation is OfferValidation.DRAFT


def _is_switched_off(offer: OfferFacts, now: datetime) -> bool:
    return not offer.is_active


def _has_no_publication_date(offer: OfferFacts, now: datetime) -> bool:
    return offer.published_at is None


def _is_published_later(offer: OfferFacts, now: datetime) -> bool:
    return offer.published_at is not None and offer.published_at > now


def _is_bookable_later(offer: OfferFacts, now: datetime) -> bool:
    return offer.booking_allowed_at is not None and offer.booking_allowed_at > now


def _has_every_limit_passed(offer: OfferFacts, now: datetime) -> bool:
    live = _live(offer)
    return bool(live) and all(
        stock.booking_limit_at is not None and stock.booking_limit_at <= now for stock in live
    )


def _has_no_place_left(offer: OfferFacts, now: datetime) -> bool:
    """Also true without any stock, and for an event that has started while its limit is empty."""
    return not any(
        (stock.starts_at is None or stock.starts_at > now) and stock.remaining != 0 for stock in _live(offer)
    )


def _always(offer: OfferFacts, now: datetime) -> bool:
    return True


Precedence = tuple[tuple[OfferStatus, Callable[[OfferFacts, datetime], bool]], ...]

_VERDICT: Precedence = (
    (OfferStatus.REJECTED, _is_rejected),
    (OfferStatus.PENDING, _is_pending),
    (OfferStatus.DRAFT, _is_draft),
)
_STOCKS: Precedence = (
    (OfferStatus.EXPIRED, _has_every_limit_passed),
    (OfferStatus.SOLD_OUT, _has_no_place_left),
    (OfferStatus.ACTIVE, _always),
)

OFFER_STATUSES: DatedTable[Precedence] = DatedTable(
    name="offer status",
    keyed_by="instant at which the status is read",
    rows=(
        row(
            BEGINNING,
            (*_VERDICT, (OfferStatus.INACTIVE, _is_switched_off), *_STOCKS),
            source="A:core/offers/models.py; domain.md §3.2",
        ),
        row(
            midnight("Europe/Paris", 2024, 1, 1),
            (
                *_VERDICT,
                (OfferStatus.INACTIVE, _has_no_publication_date),
                (OfferStatus.SCHEDULED, _is_published_later),
                (OfferStatus.PUBLISHED, _is_bookable_later),
                *_STOCKS,
            ),
            source="M:core/offers/models.py; domain.md §3.2",
            note="the source says 2024 or later",
        ),
    ),
)


def offer_status(offer: OfferFacts, now: datetime) -> OfferStatus:
    """The status at `now`, by the order of precedence in force then; the last of an edition always matches."""
    return next(status for status, matches in OFFER_STATUSES.at(now) if matches(offer, now))
