"""Why an offer cannot be created, edited or published."""

from dataclasses import dataclass
from typing import ClassVar

from chassis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class OfferNotFound(Refusal):
    """Unknown, or of a structure that is not the asker's: the two look the same."""

    code: ClassVar[str] = "OFFER_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Cette offre n'existe pas ou vous n'y avez pas accès."


@dataclass(frozen=True, slots=True)
class InvalidOfferName(Refusal):
    """Empty or too long."""

    code: ClassVar[str] = "INVALID_OFFER_NAME"
    max_length: int

    @property
    def message(self) -> str:
        return f"Le titre d'une offre compte de 1 à {self.max_length} caractères."


@dataclass(frozen=True, slots=True)
class NumberInOfferName(Refusal):
    """The name holds 13 digits in a row: the number of a product, which has a field of its own."""

    code: ClassVar[str] = "NUMBER_IN_OFFER_NAME"

    @property
    def message(self) -> str:
        return "Le titre d'une offre ne peut contenir l'EAN du produit."


@dataclass(frozen=True, slots=True)
class OfferTextTooLong(Refusal):
    """A text of the offer is longer than allowed."""

    code: ClassVar[str] = "OFFER_TEXT_TOO_LONG"
    field: str
    max_length: int

    @property
    def message(self) -> str:
        return f"Ce texte dépasse {self.max_length} caractères : {self.field}."


@dataclass(frozen=True, slots=True)
class UnknownSubcategory(Refusal):
    """Not one of the sub-categories."""

    code: ClassVar[str] = "UNKNOWN_SUBCATEGORY"
    subcategory_id: str

    @property
    def message(self) -> str:
        return f"La sous-catégorie {self.subcategory_id} n'existe pas."


@dataclass(frozen=True, slots=True)
class SubcategoryNotSelectable(Refusal):
    """Kept for existing offers, or for the team."""

    code: ClassVar[str] = "SUBCATEGORY_NOT_SELECTABLE"
    subcategory_id: str

    @property
    def message(self) -> str:
        return f"La sous-catégorie {self.subcategory_id} n'est pas ouverte à de nouvelles offres."


@dataclass(frozen=True, slots=True)
class SubcategoryNotEducational(Refusal):
    """Not open to class offers."""

    code: ClassVar[str] = "SUBCATEGORY_NOT_EDUCATIONAL"
    subcategory_id: str

    @property
    def message(self) -> str:
        return "Cette sous-catégorie ne peut pas être proposée aux établissements scolaires."


@dataclass(frozen=True, slots=True)
class EducationalCannotBeDuo(Refusal):
    """An offer is for classes or for duos, not both."""

    code: ClassVar[str] = "EDUCATIONAL_CANNOT_BE_DUO"

    @property
    def message(self) -> str:
        return "Une offre scolaire ne peut pas être réservée en duo."


@dataclass(frozen=True, slots=True)
class IsbnRequired(Refusal):
    """Books are offered by their ISBN."""

    code: ClassVar[str] = "ISBN_REQUIRED"
    subcategory_id: str

    @property
    def message(self) -> str:
        return "Un livre est proposé par son ISBN."


@dataclass(frozen=True, slots=True)
class InvalidIsbn(Refusal):
    """Not an ISBN-13 under a valid key."""

    code: ClassVar[str] = "INVALID_ISBN"
    isbn: str

    @property
    def message(self) -> str:
        return "L'ISBN doit compter 13 chiffres et avoir une clé de contrôle juste."


@dataclass(frozen=True, slots=True)
class EanAlreadyOffered(Refusal):
    """Another active offer of the venue is of the same product."""

    code: ClassVar[str] = "EAN_ALREADY_OFFERED"
    ean: str

    @property
    def message(self) -> str:
        return f"Une autre offre active de ce lieu porte déjà l'EAN {self.ean}."


@dataclass(frozen=True, slots=True)
class ExtraFieldNotAllowed(Refusal):
    """The sub-category does not ask for this datum."""

    code: ClassVar[str] = "EXTRA_FIELD_NOT_ALLOWED"
    field: str
    subcategory_id: str

    @property
    def message(self) -> str:
        return f"Une offre de cette sous-catégorie ne porte pas ce renseignement : {self.field}."


@dataclass(frozen=True, slots=True)
class AccessibilityRequired(Refusal):
    """One of the four answers on accessibility is missing."""

    code: ClassVar[str] = "ACCESSIBILITY_REQUIRED"
    missing: tuple[str, ...]

    @property
    def message(self) -> str:
        return f"Précisez l'accessibilité de l'offre : {', '.join(self.missing)}."


@dataclass(frozen=True, slots=True)
class DigitalOfferNeedsVirtualVenue(Refusal):
    """An offer with a URL belongs to the virtual venue."""

    code: ClassVar[str] = "DIGITAL_OFFER_NEEDS_VIRTUAL_VENUE"

    @property
    def message(self) -> str:
        return "Une offre numérique appartient au lieu « Offre numérique » de la structure."


@dataclass(frozen=True, slots=True)
class PhysicalOfferNeedsPhysicalVenue(Refusal):
    """An offer without a URL belongs to a physical venue."""

    code: ClassVar[str] = "PHYSICAL_OFFER_NEEDS_PHYSICAL_VENUE"

    @property
    def message(self) -> str:
        return "Une offre sans adresse web appartient à un lieu physique."


@dataclass(frozen=True, slots=True)
class UrlNotAllowed(Refusal):
    """The sub-category takes place off line."""

    code: ClassVar[str] = "URL_NOT_ALLOWED"
    subcategory_id: str

    @property
    def message(self) -> str:
        return "Une offre de cette sous-catégorie ne peut pas porter d'adresse web."


@dataclass(frozen=True, slots=True)
class UrlRequired(Refusal):
    """The sub-category takes place on line."""

    code: ClassVar[str] = "URL_REQUIRED"
    subcategory_id: str

    @property
    def message(self) -> str:
        return "Une offre de cette sous-catégorie doit porter une adresse web."


@dataclass(frozen=True, slots=True)
class InvalidUrl(Refusal):
    """Not an http or https address of 255 characters at most."""

    code: ClassVar[str] = "INVALID_URL"

    @property
    def message(self) -> str:
        return "L'adresse web de l'offre doit être une adresse http ou https de 255 caractères au plus."


@dataclass(frozen=True, slots=True)
class WithdrawalRequired(Refusal):
    """The sub-category must tell how tickets are withdrawn."""

    code: ClassVar[str] = "WITHDRAWAL_REQUIRED"
    subcategory_id: str

    @property
    def message(self) -> str:
        return "Indiquez comment les billets sont retirés : aucun billet, par mail ou sur place."


@dataclass(frozen=True, slots=True)
class WithdrawalModeNotAllowed(Refusal):
    """This mode is not open to this offer."""

    code: ClassVar[str] = "WITHDRAWAL_MODE_NOT_ALLOWED"
    withdrawal_type: str

    @property
    def message(self) -> str:
        return "Cette modalité de retrait n'est pas ouverte à cette offre."


@dataclass(frozen=True, slots=True)
class WithdrawalDelayRequired(Refusal):
    """This mode needs a delay before the event."""

    code: ClassVar[str] = "WITHDRAWAL_DELAY_REQUIRED"
    withdrawal_type: str

    @property
    def message(self) -> str:
        return "Indiquez combien de temps avant l'événement les billets sont envoyés ou remis."


@dataclass(frozen=True, slots=True)
class WithdrawalDelayNotAllowed(Refusal):
    """Without a ticket there is no delay."""

    code: ClassVar[str] = "WITHDRAWAL_DELAY_NOT_ALLOWED"

    @property
    def message(self) -> str:
        return "Sans billet, il n'y a pas de délai de retrait."


@dataclass(frozen=True, slots=True)
class BookingContactRequired(Refusal):
    """A valid e-mail address for those who book is missing."""

    code: ClassVar[str] = "BOOKING_CONTACT_REQUIRED"

    @property
    def message(self) -> str:
        return "Indiquez une adresse mail valide que les bénéficiaires peuvent contacter."


@dataclass(frozen=True, slots=True)
class OfferFieldImmutable(Refusal):
    """Fixed once the offer exists."""

    code: ClassVar[str] = "OFFER_FIELD_IMMUTABLE"
    field: str

    @property
    def message(self) -> str:
        return f"Ce renseignement ne change plus une fois l'offre créée : {self.field}."


@dataclass(frozen=True, slots=True)
class OfferNotEditable(Refusal):
    """The offer is refused or waits for the team's verdict."""

    code: ClassVar[str] = "OFFER_NOT_EDITABLE"

    @property
    def message(self) -> str:
        return "Une offre refusée ou en attente de validation n'est pas modifiable."


@dataclass(frozen=True, slots=True)
class SynchronisedOfferNotEditable(Refusal):
    """A provider keeps this field up to date."""

    code: ClassVar[str] = "SYNCHRONISED_OFFER_NOT_EDITABLE"
    field: str

    @property
    def message(self) -> str:
        return f"Cette offre est synchronisée, ce renseignement ne se modifie pas ici : {self.field}."


@dataclass(frozen=True, slots=True)
class OfferWithoutStock(Refusal):
    """No stock that could still be booked."""

    code: ClassVar[str] = "OFFER_WITHOUT_STOCK"

    @property
    def message(self) -> str:
        return "Ajoutez au moins un stock encore réservable avant de publier l'offre."


@dataclass(frozen=True, slots=True)
class PublicationInPast(Refusal):
    """The instant of publication is over."""

    code: ClassVar[str] = "PUBLICATION_IN_PAST"

    @property
    def message(self) -> str:
        return "La date de publication est déjà passée."


@dataclass(frozen=True, slots=True)
class PublicationTooFar(Refusal):
    """The publication is planned too far ahead."""

    code: ClassVar[str] = "PUBLICATION_TOO_FAR"
    max_years: int

    @property
    def message(self) -> str:
        return f"La publication se programme au plus {self.max_years} ans à l'avance."


@dataclass(frozen=True, slots=True)
class ValidationMoveNotAllowed(Refusal):
    """Only an offer that waits can be accepted or refused."""

    code: ClassVar[str] = "VALIDATION_MOVE_NOT_ALLOWED"
    current: str
    wanted: str

    @property
    def message(self) -> str:
        return "Seule une offre en attente de validation peut être acceptée ou refusée."
