"""What makes a stock valid, editable and deletable (domain.md §3.3).

One date × one tariff of an event is one stock; a thing has stocks without a date.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from catalog.domain.compliance import FREEZING_VERDICTS, OfferValidation
from catalog.domain.offer import Synchronisation
from catalog.domain.policies import first_refusal
from catalog.domain.price import PriceRefusal, check_price
from catalog.domain.price_limitation import check_price_move
from catalog.domain.refusals.offer import OfferNotEditable
from catalog.domain.refusals.stock import (
    BookingLimitAfterStart,
    BookingLimitRequired,
    DateInPast,
    InvalidQuantity,
    PastEventNotEditable,
    PriceMovedTooFar,
    PriceNotEditable,
    QuantityBelowBooked,
    StartNotAllowed,
    StartRequired,
    SynchronisedStockNotEditable,
    TooLateToDeleteStock,
    TooManyPriceCategories,
    TooManyStocks,
)
from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS

StockRefusal = (
    OfferNotEditable
    | SynchronisedStockNotEditable
    | PriceRefusal
    | PriceMovedTooFar
    | InvalidQuantity
    | StartNotAllowed
    | StartRequired
    | BookingLimitRequired
    | BookingLimitAfterStart
    | DateInPast
)
StockEditionRefusal = StockRefusal | PastEventNotEditable | PriceNotEditable | QuantityBelowBooked
StockDeletionRefusal = OfferNotEditable | TooLateToDeleteStock

DELETION_DELAY = timedelta(hours=48)
"""How long after its start the stock of an event can still be deleted, inclusive."""


@dataclass(frozen=True, slots=True)
class StockLimits:
    """Greatest counts, inclusive; None means unlimited."""

    price_categories_per_offer: int | None
    stocks_per_offer: int | None
    quantity: int | None


STOCK_LIMITS = DatedTable(
    name="stock limits",
    keyed_by="instant at which the stock is saved",
    rows=(
        row(BEGINNING, StockLimits(None, None, None), source="A:core/offers/validation.py"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            StockLimits(price_categories_per_offer=50, stocks_per_offer=2_500, quantity=1_000_000),
            source="M:core/offers; domain.md §3.2",
            note="the source says 2022 or later",
        ),
    ),
)


class EmptyBookingLimit(StrEnum):
    """What it means when an event comes without a booking limit."""

    UNTIL_START = "UNTIL_START"
    REFUSED = "REFUSED"


EMPTY_BOOKING_LIMIT = DatedTable(
    name="event without booking limit",
    keyed_by="instant at which the stock is saved",
    rows=(
        row(
            BEGINNING,
            EmptyBookingLimit.UNTIL_START,
            source="S4: « laissez vide si pas de limite »; domain.md §10.13",
        ),
        row(
            midnight("Europe/Paris", 2021, 1, 1),
            EmptyBookingLimit.REFUSED,
            source="A:core/offers/validation.py, M:core/offers/validation.py; domain.md §3.3, §10.13",
            note="the source gives the year only",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class OfferOfStock:
    """What the rules of a stock need to know of its offer."""

    is_event: bool
    is_educational: bool = False
    validation: OfferValidation = OfferValidation.APPROVED
    synchronisation: Synchronisation = Synchronisation.MANUAL
    has_custom_reimbursement: bool = False
    timezone: str = PARIS
    """IANA zone of the venue's clock, by which instants are worded."""
    department_code: str | None = None
    """The venue's; None for a virtual one."""
    accepted_price_cents: int | None = None
    max_price_move_percent: int | None = None
    """See `price_limitation`."""


@dataclass(frozen=True, slots=True)
class StockDraft:
    """A stock as it is asked for; `quantity` None means unlimited, instants are aware."""

    price_cents: int
    quantity: int | None
    starts_at: datetime | None = None
    booking_limit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StockAsItStands:
    """The stock before an edition; `booked` is the number of places taken."""

    price_cents: int
    quantity: int | None
    starts_at: datetime | None
    booking_limit_at: datetime | None
    booked: int


def _offer_is_editable(offer: OfferOfStock, draft: StockDraft, now: datetime) -> StockRefusal | None:
    if offer.validation in FREEZING_VERDICTS.at(now):
        return OfferNotEditable()
    return SynchronisedStockNotEditable() if offer.synchronisation is not Synchronisation.MANUAL else None


def _price_is_valid(offer: OfferOfStock, draft: StockDraft, now: datetime) -> PriceRefusal | None:
    return check_price(
        draft.price_cents,
        now,
        is_event=offer.is_event,
        is_educational=offer.is_educational,
        department_code=offer.department_code,
    )


def _price_is_near_the_accepted_one(
    offer: OfferOfStock, draft: StockDraft, now: datetime
) -> PriceMovedTooFar | None:
    return check_price_move(draft.price_cents, offer.accepted_price_cents, offer.max_price_move_percent, now)


def _quantity_is_valid(offer: OfferOfStock, draft: StockDraft, now: datetime) -> InvalidQuantity | None:
    if draft.quantity is None:
        return None
    max_quantity = STOCK_LIMITS.at(now).quantity
    if draft.quantity < 0 or (max_quantity is not None and draft.quantity > max_quantity):
        return InvalidQuantity(draft.quantity, max_quantity)
    return None


def _dates_suit_the_kind(offer: OfferOfStock, draft: StockDraft, now: datetime) -> StockRefusal | None:
    if not offer.is_event:
        return StartNotAllowed() if draft.starts_at is not None else None
    if draft.starts_at is None:
        return StartRequired()
    if draft.booking_limit_at is None and EMPTY_BOOKING_LIMIT.at(now) is EmptyBookingLimit.REFUSED:
        return BookingLimitRequired()
    return None


def _limit_is_not_after_start(
    offer: OfferOfStock, draft: StockDraft, now: datetime
) -> BookingLimitAfterStart | None:
    if draft.starts_at is None or draft.booking_limit_at is None or draft.booking_limit_at <= draft.starts_at:
        return None
    return BookingLimitAfterStart(draft.booking_limit_at, draft.starts_at)


def _dates_are_to_come(offer: OfferOfStock, draft: StockDraft, now: datetime) -> DateInPast | None:
    if draft.starts_at is not None and draft.starts_at <= now:
        return DateInPast("starts_at", draft.starts_at, offer.timezone)
    if draft.booking_limit_at is not None and draft.booking_limit_at <= now:
        return DateInPast("booking_limit_at", draft.booking_limit_at, offer.timezone)
    return None


STOCK_RULES: tuple[Callable[[OfferOfStock, StockDraft, datetime], StockRefusal | None], ...] = (
    _offer_is_editable,
    _price_is_valid,
    _price_is_near_the_accepted_one,
    _quantity_is_valid,
    _dates_suit_the_kind,
    _limit_is_not_after_start,
    _dates_are_to_come,
)


_EDITION_RULES: tuple[Callable[[OfferOfStock, StockDraft, datetime], StockRefusal | None], ...] = (
    _price_is_valid,
    _price_is_near_the_accepted_one,
    _quantity_is_valid,
    _dates_suit_the_kind,
    _limit_is_not_after_start,
)


def check_stock(offer: OfferOfStock, draft: StockDraft, now: datetime) -> StockRefusal | None:
    """First reason why this stock cannot be created at `now`, if any. A date equal to now is past."""
    return first_refusal(STOCK_RULES, offer, draft, now)


_ALL_FIELDS = frozenset(field.name for field in fields(StockDraft))
_NO_FIELDS: frozenset[str] = frozenset()
_CINEMA_FIELDS = frozenset({"price_cents", "quantity", "booking_limit_at"})
_EDITABLE_2021 = {
    (Synchronisation.PROVIDER, True): _NO_FIELDS,
    (Synchronisation.PROVIDER, False): _NO_FIELDS,
    (Synchronisation.ALLOCINE, True): _CINEMA_FIELDS,
    (Synchronisation.ALLOCINE, False): _CINEMA_FIELDS,
}

STOCK_FIELDS_EDITABLE: DatedTable[Mapping[tuple[Synchronisation, bool], frozenset[str]]] = DatedTable(
    name="editable fields of a synchronised stock",
    keyed_by="instant of the edition",
    rows=(
        row(BEGINNING, _EDITABLE_2021, source="A:core/offers/validation.py; domain.md §3.2"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            _EDITABLE_2021 | {(Synchronisation.PROVIDER, False): frozenset({"quantity"})},
            source="M:core/offers/validation.py",
            note="the source says 2022 or later: the quantity of a thing may be corrected",
        ),
    ),
)
"""By who keeps the offer up to date and whether it is an event; all fields where there is no entry."""

DRAFTS_ARE_FREE = DatedTable(
    name="stocks of a draft can always be deleted",
    keyed_by="instant of the deletion",
    rows=(
        row(BEGINNING, False, source="A:core/offers/validation.py; domain.md §3.3"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            True,
            source="M:core/offers/models.py",
            note="the source says 2022 or later",
        ),
    ),
)


def check_stock_edition(
    offer: OfferOfStock, before: StockAsItStands, after: StockDraft, now: datetime
) -> StockEditionRefusal | None:
    """First reason why a stock cannot become `after`, if any.

    An event that has started (start == now included) is settled. The quantity may go down
    to what is booked, not below. A new start is in the future; a booking limit may be
    moved to the past, which closes the bookings.
    """
    if offer.validation in FREEZING_VERDICTS.at(now):
        return OfferNotEditable()
    editable = STOCK_FIELDS_EDITABLE.at(now).get((offer.synchronisation, offer.is_event), _ALL_FIELDS)
    changed = {name for name in _ALL_FIELDS if getattr(after, name) != getattr(before, name)}
    if not editable or changed - editable:
        return SynchronisedStockNotEditable()
    if before.starts_at is not None and before.starts_at <= now:
        return PastEventNotEditable(before.starts_at)
    if offer.has_custom_reimbursement and after.price_cents != before.price_cents:
        return PriceNotEditable()
    invalid = first_refusal(_EDITION_RULES, offer, after, now)
    if invalid is not None:
        return invalid
    if after.quantity is not None and after.quantity < before.booked:
        return QuantityBelowBooked(after.quantity, before.booked)
    if after.starts_at is not None and after.starts_at != before.starts_at and after.starts_at <= now:
        return DateInPast("starts_at", after.starts_at, offer.timezone)
    return None


def check_stock_deletion(
    offer: OfferOfStock, starts_at: datetime | None, now: datetime
) -> StockDeletionRefusal | None:
    """Things can always be deleted; events until 48 hours after their start, that instant included.

    Those of a draft always, since 2022.
    """
    if offer.validation in FREEZING_VERDICTS.at(now):
        return OfferNotEditable()
    if offer.validation is OfferValidation.DRAFT and DRAFTS_ARE_FREE.at(now):
        return None
    if starts_at is not None and starts_at + DELETION_DELAY < now:
        return TooLateToDeleteStock(starts_at + DELETION_DELAY, offer.timezone)
    return None


def check_stock_count(existing: int, added: int, now: datetime) -> TooManyStocks | None:
    """Whether an offer with `existing` stocks not deleted may get `added` more."""
    max_count = STOCK_LIMITS.at(now).stocks_per_offer
    return TooManyStocks(max_count) if max_count is not None and existing + added > max_count else None


def check_price_category_count(labels: Sequence[str], now: datetime) -> TooManyPriceCategories | None:
    """Whether one offer may carry all these tariffs, counted by distinct label."""
    max_count = STOCK_LIMITS.at(now).price_categories_per_offer
    if max_count is None or len({label.strip().casefold() for label in labels}) <= max_count:
        return None
    return TooManyPriceCategories(max_count)
