"""Why a stock cannot be created, edited or deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from chassis.departments import PARIS
from chassis.french import euros, francs, moment
from chassis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class StockNotFound(Refusal):
    """Unknown, deleted, or of a structure that is not the asker's: they look the same."""

    code: ClassVar[str] = "STOCK_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Ce stock n'existe pas ou vous n'y avez pas accès."


@dataclass(frozen=True, slots=True)
class NegativePrice(Refusal):
    """Below zero."""

    code: ClassVar[str] = "NEGATIVE_PRICE"
    price_cents: int

    @property
    def message(self) -> str:
        return "Le prix doit être positif ou nul."


@dataclass(frozen=True, slots=True)
class PriceTooHigh(Refusal):
    """Above the ceiling in force; it is given in Pacific francs too where people pay with them."""

    code: ClassVar[str] = "PRICE_TOO_HIGH"
    price_cents: int
    ceiling_cents: int
    ceiling_francs: int | None = None

    @property
    def message(self) -> str:
        if self.ceiling_francs is None:
            return f"Le prix d'une offre ne peut excéder {euros(self.ceiling_cents)}."
        both = f"{francs(self.ceiling_francs)} ({euros(self.ceiling_cents)})"
        return f"Le prix d'une offre ne peut excéder {both}."


@dataclass(frozen=True, slots=True)
class PriceMovedTooFar(Refusal):
    """Too far from the price at which the team accepted the offer."""

    code: ClassVar[str] = "PRICE_MOVED_TOO_FAR"
    price_cents: int
    accepted_price_cents: int
    rate_percent: int

    @property
    def message(self) -> str:
        return (
            f"Le prix ne peut s'écarter de plus de {self.rate_percent} % de celui"
            f" auquel l'offre a été acceptée : {euros(self.accepted_price_cents)}."
        )


@dataclass(frozen=True, slots=True)
class PriceNotEditable(Refusal):
    """The offer has a negotiated reimbursement, fixed for its price."""

    code: ClassVar[str] = "PRICE_NOT_EDITABLE"

    @property
    def message(self) -> str:
        return "Le prix ne se modifie pas : cette offre bénéficie d'un remboursement négocié."


@dataclass(frozen=True, slots=True)
class InvalidPriceLabel(Refusal):
    """Empty or too long."""

    code: ClassVar[str] = "INVALID_PRICE_LABEL"
    label: str
    max_length: int

    @property
    def message(self) -> str:
        return f"L'intitulé d'un tarif compte de 1 à {self.max_length} caractères."


@dataclass(frozen=True, slots=True)
class DuplicatePriceCategory(Refusal):
    """Two tariffs with one label."""

    code: ClassVar[str] = "DUPLICATE_PRICE_CATEGORY"
    label: str

    @property
    def message(self) -> str:
        return f"Deux tarifs ne peuvent porter le même intitulé : {self.label}."


@dataclass(frozen=True, slots=True)
class TooManyPriceCategories(Refusal):
    """More tariffs than one offer may carry."""

    code: ClassVar[str] = "TOO_MANY_PRICE_CATEGORIES"
    max_count: int

    @property
    def message(self) -> str:
        return f"Une offre porte au plus {self.max_count} tarifs."


@dataclass(frozen=True, slots=True)
class TooManyStocks(Refusal):
    """More stocks than one offer may carry."""

    code: ClassVar[str] = "TOO_MANY_STOCKS"
    max_count: int

    @property
    def message(self) -> str:
        return f"Une offre porte au plus {self.max_count} stocks."


@dataclass(frozen=True, slots=True)
class NoStockToAdd(Refusal):
    """No tariff or no date was given."""

    code: ClassVar[str] = "NO_STOCK_TO_ADD"

    @property
    def message(self) -> str:
        return "Donnez au moins un tarif et une date."


@dataclass(frozen=True, slots=True)
class InvalidQuantity(Refusal):
    """Below zero, or above the limit in force."""

    code: ClassVar[str] = "INVALID_QUANTITY"
    quantity: int
    max_quantity: int | None

    @property
    def message(self) -> str:
        if self.max_quantity is None:
            return "La quantité doit être positive ou nulle."
        return f"La quantité doit être comprise entre 0 et {self.max_quantity}."


@dataclass(frozen=True, slots=True)
class QuantityBelowBooked(Refusal):
    """Fewer places than are booked."""

    code: ClassVar[str] = "QUANTITY_BELOW_BOOKED"
    quantity: int
    booked: int

    @property
    def message(self) -> str:
        return f"Le stock ne peut être inférieur au nombre de réservations ({self.booked})."


@dataclass(frozen=True, slots=True)
class StartNotAllowed(Refusal):
    """A thing has no start."""

    code: ClassVar[str] = "START_NOT_ALLOWED"

    @property
    def message(self) -> str:
        return "Seul un événement porte une date de début."


@dataclass(frozen=True, slots=True)
class StartRequired(Refusal):
    """An event has a start."""

    code: ClassVar[str] = "START_REQUIRED"

    @property
    def message(self) -> str:
        return "Un événement porte une date de début."


@dataclass(frozen=True, slots=True)
class BookingLimitRequired(Refusal):
    """An event has a booking limit."""

    code: ClassVar[str] = "BOOKING_LIMIT_REQUIRED"

    @property
    def message(self) -> str:
        return "Un événement porte une date limite de réservation."


@dataclass(frozen=True, slots=True)
class BookingLimitAfterStart(Refusal):
    """Bookings cannot go on after the start."""

    code: ClassVar[str] = "BOOKING_LIMIT_AFTER_START"
    booking_limit_at: datetime
    starts_at: datetime

    @property
    def message(self) -> str:
        return "La date limite de réservation ne peut être postérieure au début de l'événement."


@dataclass(frozen=True, slots=True)
class DateInPast(Refusal):
    """An instant that must be to come is now or over."""

    code: ClassVar[str] = "DATE_IN_PAST"
    field: str
    given: datetime
    zone: str = PARIS

    @property
    def message(self) -> str:
        return f"Cette date est déjà passée : {moment(self.given, self.zone)}."


@dataclass(frozen=True, slots=True)
class PastEventNotEditable(Refusal):
    """The event has started."""

    code: ClassVar[str] = "PAST_EVENT_NOT_EDITABLE"
    starts_at: datetime

    @property
    def message(self) -> str:
        return "Les événements passés ne sont pas modifiables."


@dataclass(frozen=True, slots=True)
class SynchronisedStockNotEditable(Refusal):
    """A provider keeps the offer's stocks up to date."""

    code: ClassVar[str] = "SYNCHRONISED_STOCK_NOT_EDITABLE"

    @property
    def message(self) -> str:
        return "Les stocks d'une offre synchronisée ne se modifient pas ici."


@dataclass(frozen=True, slots=True)
class TooLateToDeleteStock(Refusal):
    """The event began more than 48 hours ago."""

    code: ClassVar[str] = "TOO_LATE_TO_DELETE_STOCK"
    possible_until: datetime
    zone: str = PARIS

    @property
    def message(self) -> str:
        return f"Ce stock ne peut plus être supprimé depuis le {moment(self.possible_until, self.zone)}."


@dataclass(frozen=True, slots=True)
class CodesNeedDigitalOffer(Refusal):
    """Only digital offers hand out codes."""

    code: ClassVar[str] = "CODES_NEED_DIGITAL_OFFER"

    @property
    def message(self) -> str:
        return "Seule une offre numérique peut distribuer des codes d'activation."


@dataclass(frozen=True, slots=True)
class CodesNeedBookingLimit(Refusal):
    """Codes that expire need a booking limit."""

    code: ClassVar[str] = "CODES_NEED_BOOKING_LIMIT"

    @property
    def message(self) -> str:
        return (
            "Des codes qui expirent demandent une date limite de réservation, sept jours plus tôt au moins."
        )


@dataclass(frozen=True, slots=True)
class CodesExpireTooEarly(Refusal):
    """Codes must outlive the booking limit by seven days."""

    code: ClassVar[str] = "CODES_EXPIRE_TOO_EARLY"
    earliest: datetime
    zone: str = PARIS

    @property
    def message(self) -> str:
        return f"Les codes d'activation doivent rester valables jusqu'au {moment(self.earliest, self.zone)} au moins."


@dataclass(frozen=True, slots=True)
class InvalidRecurrence(Refusal):
    """The last day comes before the first, no day or no time of day is chosen, or the run is too long."""

    code: ClassVar[str] = "INVALID_RECURRENCE"
    reason: str

    @property
    def message(self) -> str:
        return f"La récurrence n'est pas valable : {self.reason}."
