"""May this person book this? Ordered tuples of small checks, the first refusal wins (domain.md §4.1).

Each edition of the rules is one tuple, read from top to bottom, in force by the booking date.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from booking.domain.refusals import (
    AlreadyBooked,
    CannotBookFreeOffers,
    EducationalOffer,
    NoActivationCode,
    OfferNotForMinors,
    OwnStructureOffer,
    StockNotBookable,
    StockNotFound,
    WrongQuantity,
)
from booking.domain.stock import (
    CONDITIONS,
    Condition,
    Stock,
    StockRefusal,
    before_limit,
    not_deleted,
    not_started,
    offer_active,
    offer_approved,
    places_left,
    structure_validated,
    until_limit,
)
from booking.domain.subcategories import Deposit, MinorsMayBook, Subcategory
from booking.domain.wallet import CreditRefusal, Purchase, Wallet
from chassis.dated import BEGINNING, DatedTable, midnight, row

_ADULT = "beneficiary"
_BENEFICIARIES = frozenset({_ADULT, "underage_beneficiary"})


@dataclass(frozen=True, slots=True)
class Booker:
    """Who books. `is_beneficiary`: has or had a credit; `is_minor`: lacks the 18-year role."""

    is_beneficiary: bool
    is_minor: bool
    wallet: Wallet

    @classmethod
    def of(cls, roles: Collection[str], wallet: Wallet) -> Self:
        """Whoever holds these roles, as identity tells them, and this wallet (domain.md §2.1, §4.1 row 0').

        An `underage_beneficiary` books as a beneficiary and is a minor, whatever the birth date, until
        identity has given the 18-year part of the credit and with it the role `beneficiary`.
        """
        held = frozenset(roles)
        return cls(
            is_beneficiary=bool(wallet.envelopes) or not held.isdisjoint(_BENEFICIARIES),
            is_minor=_ADULT not in held,
            wallet=wallet,
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """Everything the checks look at."""

    now: datetime
    quantity: int
    stock: Stock
    subcategory: Subcategory
    booker: Booker
    has_url: bool = False
    is_duo: bool = False
    is_educational: bool = False
    department_code: str | None = None
    is_own_structure: bool = False
    """Whether the person acts for the structure that offers it."""
    has_booked_stock: bool = False
    """Holds a non-cancelled booking of this very stock."""
    has_booked_offer: bool = False
    """Holds a non-cancelled booking, used or not, of any stock of the offer."""
    activation_codes_left: int | None = None
    """None: the stock hands out no codes."""

    @property
    def is_free(self) -> bool:
        return self.stock.price_cents == 0

    @property
    def purchase(self) -> Purchase:
        return Purchase(
            total_cents=self.stock.price_cents * self.quantity,
            deposit=self.subcategory.capped_deposit(has_url=self.has_url),
            subcategory_id=self.subcategory.id,
            department_code=self.department_code,
        )


AttemptRefusal = (
    StockNotFound
    | OfferNotForMinors
    | EducationalOffer
    | OwnStructureOffer
    | CannotBookFreeOffers
    | AlreadyBooked
    | WrongQuantity
    | StockRefusal
    | CreditRefusal
    | NoActivationCode
)

Check = Callable[[Attempt], AttemptRefusal | None]


def open_to_minors(attempt: Attempt) -> AttemptRefusal | None:
    """Row 0' (2022+)."""
    allowed = attempt.subcategory.minors
    if not attempt.booker.is_minor or allowed is MinorsMayBook.ALL:
        return None
    if allowed is MinorsMayBook.FREE_ONLY and attempt.is_free:
        return None
    return OfferNotForMinors()


def not_educational(attempt: Attempt) -> AttemptRefusal | None:
    """Row 1."""
    return EducationalOffer() if attempt.is_educational else None


def not_of_own_structure(attempt: Attempt) -> AttemptRefusal | None:
    """Nobody pays the structure they act for with their credit."""
    return OwnStructureOffer() if attempt.is_own_structure else None


def may_book_free_offers(attempt: Attempt) -> AttemptRefusal | None:
    """Row 2: a paid offer is refused later, for want of credit."""
    return CannotBookFreeOffers() if attempt.is_free and not attempt.booker.is_beneficiary else None


def offer_not_booked_yet(attempt: Attempt) -> AttemptRefusal | None:
    """Row 3, since 30 March 2020."""
    return AlreadyBooked() if attempt.has_booked_offer else None


def stock_not_booked_yet(attempt: Attempt) -> AttemptRefusal | None:
    """Row 3 as it was from 12 February 2019."""
    return AlreadyBooked() if attempt.has_booked_stock else None


def _quantity_up_to(most: int | None, attempt: Attempt) -> AttemptRefusal | None:
    if attempt.quantity < 1 or (most is not None and attempt.quantity > most):
        return WrongQuantity(attempt.quantity, most)
    return None


def any_quantity(attempt: Attempt) -> AttemptRefusal | None:
    """Row 4 as it was in 2018: any whole number above zero."""
    return _quantity_up_to(None, attempt)


def exactly_one(attempt: Attempt) -> AttemptRefusal | None:
    """Row 4 from 12 February 2019 until duo came."""
    return _quantity_up_to(1, attempt)


def one_or_duo(attempt: Attempt) -> AttemptRefusal | None:
    """Row 4: two only where the offer is duo and its sub-category may be."""
    return _quantity_up_to(2 if attempt.is_duo and attempt.subcategory.can_be_duo else 1, attempt)


def free_offers_only(attempt: Attempt) -> AttemptRefusal | None:
    """Until mid-October 2018 prices were entered but paid offers were hidden."""
    return None if attempt.is_free else StockNotBookable()


def _stock(*of_stock: Condition) -> tuple[Check, ...]:
    """Row 5, condition by condition: each becomes a check of its own, in the order given."""

    def check(condition: Condition) -> Check:
        return lambda attempt: condition(attempt.stock, attempt.now, attempt.quantity)

    return tuple(map(check, of_stock))


def enough_credit(attempt: Attempt) -> AttemptRefusal | None:
    """Row 6a."""
    return attempt.booker.wallet.lacks_credit(attempt.purchase, attempt.now)


def within_digital_cap(attempt: Attempt) -> AttemptRefusal | None:
    """Row 6b."""
    return attempt.booker.wallet.exceeds_cap(Deposit.DIGITAL, attempt.purchase, attempt.now)


def within_physical_cap(attempt: Attempt) -> AttemptRefusal | None:
    """Row 6c."""
    return attempt.booker.wallet.exceeds_cap(Deposit.PHYSICAL, attempt.purchase, attempt.now)


def activation_code_left(attempt: Attempt) -> AttemptRefusal | None:
    """Row 7."""
    return NoActivationCode() if attempt.activation_codes_left == 0 else None


_CREDIT: tuple[Check, ...] = (enough_credit, within_digital_cap, within_physical_cap)

_OF_2018: tuple[Check, ...] = (
    *_stock(not_deleted),
    may_book_free_offers,
    *_stock(offer_active, until_limit, structure_validated),
    *_CREDIT,
    *_stock(places_left),
)
"""After the quantity; the last one was a trigger of the database (`tooManyBookings`)."""

_OF_2020: tuple[Check, ...] = (
    not_educational,
    may_book_free_offers,
    offer_not_booked_yet,
    one_or_duo,
    *_stock(
        not_deleted,
        offer_active,
        offer_approved,
        structure_validated,
        before_limit,
        not_started,
        places_left,
    ),
    *_CREDIT,
    activation_code_left,
)

_OF_2024: tuple[Check, ...] = (
    open_to_minors,
    not_educational,
    may_book_free_offers,
    offer_not_booked_yet,
    one_or_duo,
    *_stock(*CONDITIONS),
    *_CREDIT,
    activation_code_left,
)

_TODAY: tuple[Check, ...] = (not_of_own_structure, *_OF_2024)

_PARIS = "Europe/Paris"

CHECKS: DatedTable[tuple[Check, ...]] = DatedTable(
    "checks of a booking",
    keyed_by="booking date",
    rows=(
        row(
            BEGINNING,
            (any_quantity, free_offers_only, *_OF_2018),
            source="domain.md §4.1, §8; S0, S1",
            note="free offers only; same offer any number of times, any quantity",
        ),
        row(
            midnight(_PARIS, 2018, 10, 15),
            (any_quantity, *_OF_2018),
            source="domain.md §8; S0 (« à partir de mi-octobre »)",
            note="paid offers appear",
        ),
        row(
            midnight(_PARIS, 2019, 2, 12),
            (exactly_one, stock_not_booked_yet, *_OF_2018),
            source="domain.md §8 (A)",
            note="quantity 1, one active booking per stock",
        ),
        row(
            midnight(_PARIS, 2019, 10, 1),
            (one_or_duo, stock_not_booked_yet, *_OF_2018),
            source="domain.md §8 (A)",
            note="duo: quantity 2",
        ),
        row(
            midnight(_PARIS, 2020, 3, 30),
            _OF_2020,
            source="domain.md §4.1, §8 (A), S3",
            note="one active booking per offer",
        ),
        row(
            midnight(_PARIS, 2022, 1, 1),
            (open_to_minors, *_OF_2020),
            source="domain.md §4.1 row 0' (M)",
            note="sub-categories closed to minors",
        ),
        row(
            midnight(_PARIS, 2024, 1, 1),
            _OF_2024,
            source="domain.md §4.1 (M, 2024+)",
            note="booking may open at a date of its own",
        ),
        row(
            midnight(_PARIS, 2026, 11, 1),
            _TODAY,
            source="OWASP ASVS 5.0 V2.3 (business logic: separation of duties)",
            note="decided here: nobody books from the structure they act for",
        ),
    ),
)


def first_refusal(attempt: Attempt | None) -> AttemptRefusal | None:
    """The first check that fails under the rules of the booking date; None when the booking may be made.

    `None` instead of an attempt means that the stock is unknown: row 0.
    """
    if attempt is None:
        return StockNotFound()
    for check in CHECKS.at(attempt.now):
        refusal = check(attempt)
        if refusal is not None:
            return refusal
    return None


_USED_AT_ONCE_WHEN_FREE: DatedTable[frozenset[str]] = DatedTable(
    "free bookings used at once",
    keyed_by="booking date",
    rows=(
        row(BEGINNING, frozenset(), source="domain.md §4.1 (A)"),
        row(
            midnight(_PARIS, 2022, 1, 1),
            frozenset({"CARTE_MUSEE", "ABO_BIBLIOTHEQUE", "ABO_MEDIATHEQUE"}),
            source="domain.md §4.1 (M, 2022+)",
        ),
    ),
)


def is_used_at_once(attempt: Attempt) -> bool:
    """A booking that hands out an activation code, or a free one of certain cards, is used from the start."""
    if attempt.activation_codes_left is not None:
        return True
    return attempt.is_free and attempt.subcategory.id in _USED_AT_ONCE_WHEN_FREE.at(attempt.now)
