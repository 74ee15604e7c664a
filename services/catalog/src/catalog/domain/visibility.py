"""Why an offer can be found and booked, condition by condition (domain.md §3.4).

Every condition has a name and a French sentence: the answer to "why is my offer not
visible". An offer is searchable when it is bookable: all conditions of the offer hold
and one of its stocks, at least, meets all conditions of a stock. Since 2025 one whose
bookings open later is found already, as announced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import OfferFacts, PlaceFacts, StockFacts, StructureStatus
from chassis.dated import BEGINNING, DatedTable, midnight, row


class Condition(StrEnum):
    STRUCTURE_VALIDATED = "STRUCTURE_VALIDATED"
    STRUCTURE_OPEN = "STRUCTURE_OPEN"
    VENUE_VALIDATED = "VENUE_VALIDATED"
    OFFER_APPROVED = "OFFER_APPROVED"
    OFFER_PUBLISHED = "OFFER_PUBLISHED"
    BOOKING_ALLOWED = "BOOKING_ALLOWED"
    STOCK_NOT_DELETED = "STOCK_NOT_DELETED"
    EVENT_TO_COME = "EVENT_TO_COME"
    BOOKING_LIMIT_TO_COME = "BOOKING_LIMIT_TO_COME"
    PLACES_LEFT = "PLACES_LEFT"
    PRICE_SHOWN = "PRICE_SHOWN"
    HAS_BOOKABLE_STOCK = "HAS_BOOKABLE_STOCK"


EXPLANATIONS = {
    Condition.STRUCTURE_VALIDATED: "La structure doit être validée par l'équipe du pass Culture.",
    Condition.STRUCTURE_OPEN: "La structure ne doit être ni refusée ni fermée.",
    Condition.VENUE_VALIDATED: "Le lieu doit être validé.",
    Condition.OFFER_APPROVED: "L'offre doit être acceptée.",
    Condition.OFFER_PUBLISHED: "L'offre doit être publiée.",
    Condition.BOOKING_ALLOWED: "Les réservations de l'offre doivent être ouvertes.",
    Condition.STOCK_NOT_DELETED: "Le stock ne doit pas être supprimé.",
    Condition.EVENT_TO_COME: "L'événement ne doit pas avoir commencé.",
    Condition.BOOKING_LIMIT_TO_COME: "La date limite de réservation ne doit pas être passée.",
    Condition.PLACES_LEFT: "Il doit rester des places.",
    Condition.PRICE_SHOWN: "Seules les offres gratuites sont montrées pendant la période de test.",
    Condition.HAS_BOOKABLE_STOCK: "L'offre doit avoir au moins un stock réservable.",
}

OfferCondition = Callable[[OfferFacts, PlaceFacts, datetime], bool]
StockCondition = Callable[[StockFacts, datetime], bool]


@dataclass(frozen=True, slots=True)
class Conditions:
    """One edition of what it takes to be bookable; `only_to_book` are not needed to be found."""

    offer: tuple[tuple[Condition, OfferCondition], ...]
    stock: tuple[tuple[Condition, StockCondition], ...]
    only_to_book: frozenset[Condition] = frozenset()


def _structure_is_validated(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    return place.structure_status is not StructureStatus.PENDING


def _structure_is_open(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    return place.structure_status not in (StructureStatus.REJECTED, StructureStatus.CLOSED)


def _venue_is_validated(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    return place.venue_is_validated


def _offer_is_approved(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    return offer.validation is OfferValidation.APPROVED


def _offer_is_switched_on(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    return offer.is_active


def _publication_date_is_reached(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    return offer.published_at is not None and offer.published_at <= now


def _booking_is_allowed(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    return offer.booking_allowed_at is None or offer.booking_allowed_at <= now


def _stock_is_not_deleted(stock: StockFacts, now: datetime) -> bool:
    return not stock.is_deleted


def _event_is_to_come(stock: StockFacts, now: datetime) -> bool:
    return stock.starts_at is None or stock.starts_at > now


def _limit_is_not_passed(stock: StockFacts, now: datetime) -> bool:
    return stock.booking_limit_at is None or stock.booking_limit_at >= now


def _limit_is_to_come(stock: StockFacts, now: datetime) -> bool:
    return stock.booking_limit_at is None or stock.booking_limit_at > now


def _places_are_left(stock: StockFacts, now: datetime) -> bool:
    return stock.remaining != 0


def _is_free(stock: StockFacts, now: datetime) -> bool:
    return stock.price_cents == 0


_PLACE: tuple[tuple[Condition, OfferCondition], ...] = (
    (Condition.STRUCTURE_VALIDATED, _structure_is_validated),
    (Condition.STRUCTURE_OPEN, _structure_is_open),
    (Condition.VENUE_VALIDATED, _venue_is_validated),
    (Condition.OFFER_APPROVED, _offer_is_approved),
)
_OFFER_2018 = (*_PLACE, (Condition.OFFER_PUBLISHED, _offer_is_switched_on))
_OFFER_2024 = (
    *_PLACE,
    (Condition.OFFER_PUBLISHED, _publication_date_is_reached),
    (Condition.BOOKING_ALLOWED, _booking_is_allowed),
)
_STOCK_2018: tuple[tuple[Condition, StockCondition], ...] = (
    (Condition.STOCK_NOT_DELETED, _stock_is_not_deleted),
    (Condition.EVENT_TO_COME, _event_is_to_come),
    (Condition.BOOKING_LIMIT_TO_COME, _limit_is_not_passed),
    (Condition.PLACES_LEFT, _places_are_left),
)
_STOCK_2021: tuple[tuple[Condition, StockCondition], ...] = (
    (Condition.STOCK_NOT_DELETED, _stock_is_not_deleted),
    (Condition.EVENT_TO_COME, _event_is_to_come),
    (Condition.BOOKING_LIMIT_TO_COME, _limit_is_to_come),
    (Condition.PLACES_LEFT, _places_are_left),
)

CONDITIONS = DatedTable(
    name="conditions of being bookable and searchable",
    keyed_by="instant at which the offer is looked at",
    rows=(
        row(
            BEGINNING,
            Conditions(_OFFER_2018, (*_STOCK_2018, (Condition.PRICE_SHOWN, _is_free))),
            source="S0, S1; domain.md §3.4, §8",
            note="paid offers are hidden until mid-October 2018",
        ),
        row(
            midnight("Europe/Paris", 2018, 10, 15),
            Conditions(_OFFER_2018, _STOCK_2018),
            source="S0: « à partir de mi-octobre »; A@2018-12; domain.md §3.4",
            note="bookable at the very instant of the limit",
        ),
        row(
            midnight("Europe/Paris", 2021, 1, 1),
            Conditions(_OFFER_2018, _STOCK_2021),
            source="A:core/offers/models.py; domain.md §3.4",
            note="the limit itself is too late; the source gives the year only",
        ),
        row(
            midnight("Europe/Paris", 2024, 1, 1),
            Conditions(_OFFER_2024, _STOCK_2021),
            source="M:core/offers/models.py; domain.md §3.2, §4.1",
            note="publication and opening of bookings are dates; the source says 2024 or later",
        ),
        row(
            midnight("Europe/Paris", 2025, 1, 1),
            Conditions(_OFFER_2024, _STOCK_2021, only_to_book=frozenset({Condition.BOOKING_ALLOWED})),
            source="M:core/offers/models.py is_eligible_for_search (case O05)",
            note="found before bookings open; the source gives no date, it is read after that of 2024",
        ),
    ),
)


def missing_for_stock(stock: StockFacts, now: datetime) -> tuple[Condition, ...]:
    """The conditions that this stock alone does not meet, in order; empty when it could be booked."""
    return tuple(name for name, holds in CONDITIONS.at(now).stock if not holds(stock, now))


def missing_for_offer(offer: OfferFacts, place: PlaceFacts, now: datetime) -> tuple[Condition, ...]:
    """Why the offer cannot be booked, in order; empty when it can."""
    edition = CONDITIONS.at(now)
    missing = [name for name, holds in edition.offer if not holds(offer, place, now)]
    if not has_bookable_stock(offer, now):
        missing.append(Condition.HAS_BOOKABLE_STOCK)
    return tuple(missing)


def has_bookable_stock(offer: OfferFacts, now: datetime) -> bool:
    """Whether one stock at least meets every condition of a stock, whatever the state of the offer."""
    return any(not missing_for_stock(stock, now) for stock in offer.stocks)


def is_stock_bookable(stock: StockFacts, offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    """All conditions of the stock, of its offer, its venue and its structure."""
    edition = CONDITIONS.at(now)
    return all(holds(offer, place, now) for _, holds in edition.offer) and not missing_for_stock(stock, now)


def is_searchable(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    """Whether others find it: bookable, or announced (its status is then PUBLISHED)."""
    return set(missing_for_offer(offer, place, now)) <= CONDITIONS.at(now).only_to_book


def is_shown_in_app(offer: OfferFacts, place: PlaceFacts, now: datetime) -> bool:
    """Offers for classes are indexed, but only teachers see them."""
    return not offer.is_educational and is_searchable(offer, place, now)
