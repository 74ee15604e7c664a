"""The closed set of what booking answers when it cannot do what a person asked for.

`key` is the field under which the REST APIs report the refusal, and `native_code` the code
that the mobile application knows (domain.md §4.1, §4.3, §4.4); REST statuses are in `rest`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from chassis.french import euros, moment
from chassis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class BookingRefusal(Refusal):
    """Base of the refusals of this context."""

    key: ClassVar[str] = "global"
    native_code: ClassVar[str | None] = None


# -- booking -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StockNotFound(BookingRefusal):
    """No such stock, or none that this person may know of."""

    code = "STOCK_NOT_FOUND"
    key = "stock"

    @property
    def message(self) -> str:
        return "Cette offre n'existe pas ou n'est plus proposée."


@dataclass(frozen=True, slots=True)
class AccountSuspended(BookingRefusal):
    """The person may not even sign in any more; an access token outlives that by minutes."""

    code = "ACCOUNT_SUSPENDED"

    @property
    def message(self) -> str:
        return "Votre compte est suspendu : vous ne pouvez pas réserver."


@dataclass(frozen=True, slots=True)
class OfferNotForMinors(BookingRefusal):
    """The sub-category, or its paid offers, may only be booked with the 18-year role."""

    code = "OFFER_NOT_FOR_MINORS"
    key = "code"
    native_code = "OFFER_CATEGORY_NOT_BOOKABLE_BY_USER"

    @property
    def message(self) -> str:
        return "Cette catégorie d'offres ne peut pas être réservée avant 18 ans."


@dataclass(frozen=True, slots=True)
class EducationalOffer(BookingRefusal):
    """Offers for school classes are booked by teachers, never by a person."""

    code = "EDUCATIONAL_OFFER"
    key = "offerId"

    @property
    def message(self) -> str:
        return "Cette offre est réservée aux établissements scolaires."


@dataclass(frozen=True, slots=True)
class CannotBookFreeOffers(BookingRefusal):
    """Only beneficiaries, past ones included, book free offers."""

    code = "CANNOT_BOOK_FREE_OFFERS"
    key = "cannotBookFreeOffers"

    @property
    def message(self) -> str:
        return "Votre compte ne vous permet pas de réserver des offres gratuites."


@dataclass(frozen=True, slots=True)
class OwnStructureOffer(BookingRefusal):
    """Who acts for a structure would pay it with their own credit, and validate it themselves."""

    code = "OWN_STRUCTURE_OFFER"
    key = "offerId"

    @property
    def message(self) -> str:
        return "Vous agissez pour la structure qui propose cette offre : vous ne pouvez pas la réserver."


@dataclass(frozen=True, slots=True)
class AlreadyBooked(BookingRefusal):
    """The person holds an active booking of this offer (of this stock, before 30 March 2020)."""

    code = "ALREADY_BOOKED"
    key = "offerId"
    native_code = "ALREADY_BOOKED"

    @property
    def message(self) -> str:
        return "Vous avez déjà réservé cette offre."


@dataclass(frozen=True, slots=True)
class WrongQuantity(BookingRefusal):
    """`max_quantity` is what one booking of this offer may hold, null without a limit."""

    code = "WRONG_QUANTITY"
    key = "quantity"
    quantity: int
    max_quantity: int | None

    @property
    def message(self) -> str:
        if self.max_quantity == 1:
            return "Vous ne pouvez réserver qu'une place pour cette offre."
        if self.max_quantity is None:
            return "Vous devez réserver au moins une place."
        return f"Vous pouvez réserver de 1 à {self.max_quantity} places pour cette offre."


@dataclass(frozen=True, slots=True)
class StockNotBookable(BookingRefusal):
    """The offer is withdrawn, not approved, not open yet, or its structure is not validated."""

    code = "STOCK_NOT_BOOKABLE"
    key = "stock"
    native_code = "STOCK_NOT_BOOKABLE"

    @property
    def message(self) -> str:
        return "Cette offre n'est pas disponible à la réservation."


@dataclass(frozen=True, slots=True)
class BookingClosed(BookingRefusal):
    """Booking was possible until `closed_at` (excluded): the limit, or the start of the event.

    `timezone` is the venue's, here and below: the message tells the hour as read on its wall.
    """

    code = "BOOKING_CLOSED"
    key = "stock"
    native_code = "STOCK_NOT_BOOKABLE"
    closed_at: datetime
    timezone: str

    @property
    def message(self) -> str:
        return f"Les réservations sont closes depuis le {moment(self.closed_at, self.timezone)}."


@dataclass(frozen=True, slots=True)
class SoldOut(BookingRefusal):
    """Fewer places are left (`remaining`) than asked for."""

    code = "SOLD_OUT"
    key = "stock"
    native_code = "STOCK_NOT_BOOKABLE"
    remaining: int

    @property
    def message(self) -> str:
        if self.remaining == 0:
            return "Cette offre est épuisée."
        return f"Il ne reste que {self.remaining} place{'s' if self.remaining > 1 else ''} pour cette offre."


@dataclass(frozen=True, slots=True)
class InsufficientCredit(BookingRefusal):
    """`missing_cents` more would have been needed on top of `remaining_cents`."""

    code = "INSUFFICIENT_CREDIT"
    key = "insufficientFunds"
    native_code = "INSUFFICIENT_CREDIT"
    missing_cents: int
    remaining_cents: int

    @property
    def message(self) -> str:
        return (
            f"Votre crédit est insuffisant : il vous reste {euros(self.remaining_cents)}, "
            f"il manque {euros(self.missing_cents)}."
        )


@dataclass(frozen=True, slots=True)
class DigitalCapReached(BookingRefusal):
    """The part of the credit that may go to online goods has `remaining_cents` left of `cap_cents`."""

    code = "DIGITAL_CAP_REACHED"
    native_code = "INSUFFICIENT_CREDIT"
    cap_cents: int
    remaining_cents: int

    @property
    def message(self) -> str:
        return (
            f"Le plafond de {euros(self.cap_cents)} pour les offres numériques ne vous laisse que "
            f"{euros(self.remaining_cents)}."
        )


@dataclass(frozen=True, slots=True)
class PhysicalCapReached(BookingRefusal):
    """The part of the credit that may go to physical goods has `remaining_cents` left of `cap_cents`."""

    code = "PHYSICAL_CAP_REACHED"
    native_code = "INSUFFICIENT_CREDIT"
    cap_cents: int
    remaining_cents: int

    @property
    def message(self) -> str:
        return (
            f"Le plafond de {euros(self.cap_cents)} pour les biens culturels ne vous laisse que "
            f"{euros(self.remaining_cents)}."
        )


@dataclass(frozen=True, slots=True)
class NoActivationCode(BookingRefusal):
    """The stock hands out activation codes and none is free and unexpired."""

    code = "NO_ACTIVATION_CODE"
    key = "noActivationCodeAvailable"

    @property
    def message(self) -> str:
        return "Il n'y a plus de code d'activation disponible pour cette offre."


# -- cancellation ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BookingNotFound(BookingRefusal):
    """No such booking, or somebody else's: the two look the same to a stranger."""

    code = "BOOKING_NOT_FOUND"
    key = "bookingId"

    @property
    def message(self) -> str:
        return "Cette réservation n'existe pas."


@dataclass(frozen=True, slots=True)
class AlreadyCancelled(BookingRefusal):
    """There is nothing left to cancel."""

    code = "ALREADY_CANCELLED"
    native_code = "ALREADY_CANCELED"

    @property
    def message(self) -> str:
        return "Cette réservation est déjà annulée."


@dataclass(frozen=True, slots=True)
class FirmBooking(BookingRefusal):
    """The booking could be cancelled until `cancellable_until` (excluded)."""

    code = "CONFIRMED_BOOKING"
    native_code = "CONFIRMED_BOOKING"
    cancellable_until: datetime
    timezone: str

    @property
    def message(self) -> str:
        when = moment(self.cancellable_until, self.timezone)
        return f"Cette réservation ne peut plus être annulée depuis le {when}."


@dataclass(frozen=True, slots=True)
class NotToBeCancelled(BookingRefusal):
    """The state of the booking gives this party no right to cancel it."""

    code = "NOT_TO_BE_CANCELLED"
    key = "booking"

    @property
    def message(self) -> str:
        return "Cette réservation ne peut pas être annulée."


@dataclass(frozen=True, slots=True)
class NotCancelled(BookingRefusal):
    """There is nothing to restore."""

    code = "NOT_CANCELLED"
    key = "booking"

    @property
    def message(self) -> str:
        return "Cette réservation n'est pas annulée : il n'y a rien à rétablir."


@dataclass(frozen=True, slots=True)
class CreditExpired(BookingRefusal):
    """The credit that would pay again could be spent until `expired_at` (excluded)."""

    code = "CREDIT_EXPIRED"
    key = "insufficientFunds"
    expired_at: datetime
    timezone: str

    @property
    def message(self) -> str:
        when = moment(self.expired_at, self.timezone)
        return f"Le crédit qui a payé cette réservation a expiré le {when}."


# -- Guichet -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContremarqueNotFound(BookingRefusal):
    """Unknown, malformed or another structure's: a stranger cannot tell which."""

    code = "CONTREMARQUE_NOT_FOUND"
    key = "global"

    @property
    def message(self) -> str:
        return "Cette contremarque n'a pas été trouvée."


@dataclass(frozen=True, slots=True)
class StructureClosed(BookingRefusal):
    """A structure that is closed acts no more: it validates nothing, and undoes nothing."""

    code = "STRUCTURE_CLOSED"
    key = "global"

    @property
    def message(self) -> str:
        return "Votre structure est fermée : elle ne peut plus valider de contremarque."


@dataclass(frozen=True, slots=True)
class ReimbursementStarted(BookingRefusal):
    """A payment exists for this booking: it can neither be used again nor undone."""

    code = "REIMBURSEMENT_STARTED"
    key = "payment"

    @property
    def message(self) -> str:
        return "Le remboursement de cette réservation est déjà engagé."


@dataclass(frozen=True, slots=True)
class AlreadyUsed(BookingRefusal):
    """The contremarque was validated before."""

    code = "ALREADY_USED"
    key = "booking"
    native_code = "ALREADY_USED"

    @property
    def message(self) -> str:
        return "Cette réservation a déjà été validée."


@dataclass(frozen=True, slots=True)
class CancelledBooking(BookingRefusal):
    """The booking was cancelled, so its contremarque opens nothing."""

    code = "CANCELLED_BOOKING"
    key = "booking"

    @property
    def message(self) -> str:
        return "Cette réservation a été annulée."


@dataclass(frozen=True, slots=True)
class NotConfirmedBySchool(BookingRefusal):
    """A class booking the head of school has not confirmed, or has refused."""

    code = "NOT_CONFIRMED_BY_SCHOOL"
    key = "educationalBooking"

    @property
    def message(self) -> str:
        return "Cette réservation scolaire n'est pas validée par le chef d'établissement."


@dataclass(frozen=True, slots=True)
class NotUsableYet(BookingRefusal):
    """An event whose booking may be validated from `usable_from` (included) only."""

    code = "NOT_USABLE_YET"
    key = "booking"
    usable_from: datetime
    timezone: str

    @property
    def message(self) -> str:
        when = moment(self.usable_from, self.timezone)
        return f"Cette réservation est encore annulable : elle pourra être validée à partir du {when}."


@dataclass(frozen=True, slots=True)
class NotUsedYet(BookingRefusal):
    """There is no validation to undo."""

    code = "NOT_USED_YET"
    key = "booking"

    @property
    def message(self) -> str:
        return "Cette réservation n'a pas encore été validée."


@dataclass(frozen=True, slots=True)
class ActivationCodeGivenOut(BookingRefusal):
    """An activation code was handed out with the booking: its use cannot be undone."""

    code = "ACTIVATION_CODE_GIVEN_OUT"
    key = "booking"

    @property
    def message(self) -> str:
        return "Un code d'activation a été remis : cette validation ne peut pas être annulée."
