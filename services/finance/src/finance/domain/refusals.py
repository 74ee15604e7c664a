"""Every "no" of finance, as values with what a person needs to know in them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from chassis.french import moment
from chassis.refusals import Refusal


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class NotAFortnightEnd(Refusal):
    """A fortnight ends on the 15th or on the last day of a month; `expected` is the right day."""

    code: ClassVar[str] = "NOT_A_FORTNIGHT_END"
    last_day: date
    expected: date

    @property
    def message(self) -> str:
        return (
            f"Le {_day(self.last_day)} n'est pas le dernier jour d'une quinzaine : "
            f"celle-ci se termine le {_day(self.expected)}."
        )


@dataclass(frozen=True, slots=True)
class FortnightNotOver(Refusal):
    """A fortnight is closed once it is over: from the cutoff on."""

    code: ClassVar[str] = "FORTNIGHT_NOT_OVER"
    cutoff: datetime

    @property
    def message(self) -> str:
        return f"Cette quinzaine ne peut être clôturée qu'à partir du {moment(self.cutoff)} (heure de Paris)."


@dataclass(frozen=True, slots=True)
class BatchNotFound(Refusal):
    """No fortnight was closed under this id."""

    code: ClassVar[str] = "BATCH_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Cette quinzaine n'a pas été clôturée."


@dataclass(frozen=True, slots=True)
class BatchAlreadyAccepted(Refusal):
    """Its transfers were accepted: once is enough."""

    code: ClassVar[str] = "BATCH_ALREADY_ACCEPTED"
    accepted_at: datetime

    @property
    def message(self) -> str:
        return f"Ces virements ont déjà été acceptés le {moment(self.accepted_at)} (heure de Paris)."


@dataclass(frozen=True, slots=True)
class BankAccountNotFound(Refusal):
    """There is no account under this id."""

    code: ClassVar[str] = "BANK_ACCOUNT_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Ce compte bancaire n'existe pas."


@dataclass(frozen=True, slots=True)
class SecondPersonNeeded(Refusal):
    """Whoever entered something never decides on it."""

    code: ClassVar[str] = "SECOND_PERSON_NEEDED"

    @property
    def message(self) -> str:
        return "Vous avez saisi cette demande : une autre personne doit en décider."


@dataclass(frozen=True, slots=True)
class StructureNotOpen(Refusal):
    """Rejected or closed: it prepares nothing any more."""

    code: ClassVar[str] = "STRUCTURE_NOT_OPEN"
    status: str

    @property
    def message(self) -> str:
        why = {"closed": "Fermée, cette", "rejected": "Refusée, cette"}.get(self.status, "Cette")
        return f"{why} structure ne peut plus déposer de coordonnées bancaires."


@dataclass(frozen=True, slots=True)
class InvalidIban(Refusal):
    """The IBAN has a wrong length, format or checksum."""

    code: ClassVar[str] = "INVALID_IBAN"

    @property
    def message(self) -> str:
        return "Cet IBAN n'est pas valide : vérifiez chaque caractère."


@dataclass(frozen=True, slots=True)
class BicOfAnotherCountry(Refusal):
    """The bank of the BIC is in another country than the account of the IBAN."""

    code: ClassVar[str] = "BIC_OF_ANOTHER_COUNTRY"
    iban_country: str
    bic_country: str

    @property
    def message(self) -> str:
        return (
            f"Ce BIC est celui d'une banque d'un autre pays ({self.bic_country}) que le compte "
            f"({self.iban_country}) : vérifiez-le sur votre RIB."
        )


@dataclass(frozen=True, slots=True)
class IbanOutsideSepa(Refusal):
    """The account is in a country that SEPA does not reach."""

    code: ClassVar[str] = "IBAN_OUTSIDE_SEPA"
    country: str

    @property
    def message(self) -> str:
        return f"Un compte de ce pays ({self.country}) ne peut pas recevoir de virement SEPA."


@dataclass(frozen=True, slots=True)
class InvalidBic(Refusal):
    """The BIC has a wrong structure."""

    code: ClassVar[str] = "INVALID_BIC"

    @property
    def message(self) -> str:
        return "Ce BIC n'est pas valide : il compte 8 ou 11 caractères et figure sur votre RIB."


@dataclass(frozen=True, slots=True)
class BankDetailsMissing(Refusal):
    """An accepted application lacks its IBAN or BIC."""

    code: ClassVar[str] = "BANK_DETAILS_MISSING"

    @property
    def message(self) -> str:
        return "Une demande acceptée doit comporter un IBAN et un BIC."


@dataclass(frozen=True, slots=True)
class BankDetailsTooEarly(Refusal):
    """An application carries an IBAN or BIC before it is accepted."""

    code: ClassVar[str] = "BANK_DETAILS_TOO_EARLY"

    @property
    def message(self) -> str:
        return "Une demande qui n'est pas acceptée ne doit comporter ni IBAN ni BIC."


@dataclass(frozen=True, slots=True)
class ApplicationOutdated(Refusal):
    """A later state of the application is known."""

    code: ClassVar[str] = "APPLICATION_OUTDATED"
    known_modified_at: datetime

    @property
    def message(self) -> str:
        return (
            f"Une version plus récente de cette demande existe, modifiée le {moment(self.known_modified_at)}."
        )


@dataclass(frozen=True, slots=True)
class ApplicationOutranked(Refusal):
    """Another application for the same account is further on."""

    code: ClassVar[str] = "APPLICATION_OUTRANKED"
    current_status: str

    @property
    def message(self) -> str:
        return "Une autre demande, plus avancée, concerne déjà ce compte bancaire."


@dataclass(frozen=True, slots=True)
class MoveNotAllowed(Refusal):
    """A state machine has no such move; `state` is where the thing stands."""

    code: ClassVar[str] = "MOVE_NOT_ALLOWED"
    state: str
    event: str

    @property
    def message(self) -> str:
        return f"Cette opération ({self.event}) n'est pas possible dans l'état actuel ({self.state})."


@dataclass(frozen=True, slots=True)
class VenueNotFound(Refusal):
    """No venue, or several, match what the application names."""

    code: ClassVar[str] = "VENUE_NOT_FOUND"
    matches: int

    @property
    def message(self) -> str:
        if self.matches:
            return f"{self.matches} lieux de la structure portent ce nom : précisez le SIRET."
        return "Aucun lieu de la structure ne correspond à ce SIRET ou à ce nom."


@dataclass(frozen=True, slots=True)
class PaymentsNotInMessage(Refusal):
    """Some payments are not part of the message; nothing was changed."""

    code: ClassVar[str] = "PAYMENTS_NOT_IN_MESSAGE"
    payment_ids: tuple[int, ...]

    @property
    def message(self) -> str:
        listed = ", ".join(str(payment_id) for payment_id in self.payment_ids)
        return f"Ces paiements ne font pas partie du message : {listed}. Rien n'a été modifié."


@dataclass(frozen=True, slots=True)
class RuleStartsTooSoon(Refusal):
    """An own rule starts tomorrow at the earliest."""

    code: ClassVar[str] = "RULE_STARTS_TOO_SOON"
    earliest: datetime

    @property
    def message(self) -> str:
        return f"Un tarif dérogatoire commence au plus tôt le {moment(self.earliest)} (heure de Paris)."


@dataclass(frozen=True, slots=True)
class RuleEndsTooSoon(Refusal):
    """An own rule ends after it starts, and tomorrow at the earliest."""

    code: ClassVar[str] = "RULE_ENDS_TOO_SOON"
    earliest: datetime

    @property
    def message(self) -> str:
        return f"La fin d'un tarif dérogatoire doit être postérieure au {moment(self.earliest)} (heure de Paris)."


@dataclass(frozen=True, slots=True)
class RuleEndAlreadySet(Refusal):
    """The end of an own rule is given once."""

    code: ClassVar[str] = "RULE_END_ALREADY_SET"
    end: datetime

    @property
    def message(self) -> str:
        return f"La fin de ce tarif dérogatoire est déjà fixée au {moment(self.end)}."


@dataclass(frozen=True, slots=True)
class RuleOverlaps(Refusal):
    """Other rules hold for the same target, sub-category and time."""

    code: ClassVar[str] = "RULE_OVERLAPS"
    rule_ids: tuple[UUID, ...]

    @property
    def message(self) -> str:
        listed = ", ".join(str(rule_id) for rule_id in self.rule_ids)
        return f"Un tarif dérogatoire couvre déjà tout ou partie de cette période : {listed}."


@dataclass(frozen=True, slots=True)
class RuleValueInvalid(Refusal):
    """An own rule is a rate from 0 to 100 %, or an amount per unit."""

    code: ClassVar[str] = "RULE_VALUE_INVALID"

    @property
    def message(self) -> str:
        return "Indiquez soit un taux entre 0 et 100 %, soit un montant positif par unité."


@dataclass(frozen=True, slots=True)
class RuleSubcategoriesUnknown(Refusal):
    """Some sub-categories do not exist."""

    code: ClassVar[str] = "RULE_SUBCATEGORIES_UNKNOWN"
    subcategories: tuple[str, ...]

    @property
    def message(self) -> str:
        return f"Sous-catégories inconnues : {', '.join(self.subcategories)}."


@dataclass(frozen=True, slots=True)
class PriceFixedByOwnRule(Refusal):
    """The offer has an own rule: its prices are fixed."""

    code: ClassVar[str] = "PRICE_FIXED_BY_OWN_RULE"

    @property
    def message(self) -> str:
        return "Le prix de cette offre ne peut plus être modifié : un tarif dérogatoire s'y applique."


@dataclass(frozen=True, slots=True)
class NewAmountNotLower(Refusal):
    """An over-payment is corrected to less than what was booked."""

    code: ClassVar[str] = "NEW_AMOUNT_NOT_LOWER"
    booked_cents: int

    @property
    def message(self) -> str:
        return "Le nouveau montant d'un trop-perçu doit être inférieur au montant de la réservation."


@dataclass(frozen=True, slots=True)
class GestureNotPositive(Refusal):
    """A commercial gesture pays something."""

    code: ClassVar[str] = "GESTURE_NOT_POSITIVE"

    @property
    def message(self) -> str:
        return "Un geste commercial doit être d'un montant positif."
