"""Why a venue cannot be saved."""

from dataclasses import dataclass
from typing import ClassVar

from chassis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class StructureNotFound(Refusal):
    """Unknown, or not the asker's: the two look the same."""

    code: ClassVar[str] = "STRUCTURE_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Cette structure n'existe pas ou vous n'y avez pas accès."


@dataclass(frozen=True, slots=True)
class StructureNotOpen(Refusal):
    """Rejected or closed: it prepares nothing any more."""

    code: ClassVar[str] = "STRUCTURE_NOT_OPEN"
    status: str

    @property
    def message(self) -> str:
        why = {"closed": "Fermée, cette", "rejected": "Refusée, cette"}.get(self.status, "Cette")
        return f"{why} structure ne peut plus créer ni modifier de lieux, d'offres ou de stocks."


@dataclass(frozen=True, slots=True)
class VenueNotFound(Refusal):
    """Unknown, or of a structure that is not the asker's: the two look the same."""

    code: ClassVar[str] = "VENUE_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Ce lieu n'existe pas ou vous n'y avez pas accès."


@dataclass(frozen=True, slots=True)
class InvalidSiret(Refusal):
    """Not 14 digits under a valid key."""

    code: ClassVar[str] = "INVALID_SIRET"

    @property
    def message(self) -> str:
        return "Le SIRET doit compter 14 chiffres et avoir une clé de contrôle juste."


@dataclass(frozen=True, slots=True)
class SiretNotOfStructure(Refusal):
    """The SIRET does not begin with the structure's SIREN."""

    code: ClassVar[str] = "SIRET_NOT_OF_STRUCTURE"
    siret: str
    siren: str

    @property
    def message(self) -> str:
        return f"Le SIRET d'un lieu commence par le SIREN de sa structure ({self.siren})."


@dataclass(frozen=True, slots=True)
class SiretAlreadyUsed(Refusal):
    """Another venue has this SIRET."""

    code: ClassVar[str] = "SIRET_ALREADY_USED"
    siret: str

    @property
    def message(self) -> str:
        return f"Un lieu portant le SIRET {self.siret} existe déjà."


@dataclass(frozen=True, slots=True)
class SiretOrCommentRequired(Refusal):
    """A physical venue has a SIRET, or a comment that says why not."""

    code: ClassVar[str] = "SIRET_OR_COMMENT_REQUIRED"

    @property
    def message(self) -> str:
        return "Un lieu physique porte un SIRET, ou un commentaire qui explique pourquoi il n'en a pas."


@dataclass(frozen=True, slots=True)
class VenueFieldRequired(Refusal):
    """A fact that this kind of venue must tell is missing."""

    code: ClassVar[str] = "VENUE_FIELD_REQUIRED"
    field: str

    @property
    def message(self) -> str:
        return f"Ce renseignement est obligatoire pour ce lieu : {self.field}."


@dataclass(frozen=True, slots=True)
class VenueFieldForbidden(Refusal):
    """A virtual venue has no SIRET, comment or address."""

    code: ClassVar[str] = "VENUE_FIELD_FORBIDDEN"
    field: str

    @property
    def message(self) -> str:
        return f"Un lieu numérique ne porte pas ce renseignement : {self.field}."


@dataclass(frozen=True, slots=True)
class VenueTextTooLong(Refusal):
    """A text of the venue is longer than allowed."""

    code: ClassVar[str] = "VENUE_TEXT_TOO_LONG"
    field: str
    max_length: int

    @property
    def message(self) -> str:
        return f"Ce texte dépasse {self.max_length} caractères : {self.field}."


@dataclass(frozen=True, slots=True)
class VenueFieldImmutable(Refusal):
    """A venue keeps its structure, and its SIRET once it has one."""

    code: ClassVar[str] = "VENUE_FIELD_IMMUTABLE"
    field: str

    @property
    def message(self) -> str:
        return f"Ce renseignement d'un lieu ne change plus une fois donné : {self.field}."


@dataclass(frozen=True, slots=True)
class InvalidPostalCode(Refusal):
    """Not a French postal code."""

    code: ClassVar[str] = "INVALID_POSTAL_CODE"

    @property
    def message(self) -> str:
        return "Le code postal compte cinq chiffres."


@dataclass(frozen=True, slots=True)
class InvalidCoordinates(Refusal):
    """Out of the globe, or one without the other."""

    code: ClassVar[str] = "INVALID_COORDINATES"
    latitude: float | None
    longitude: float | None

    @property
    def message(self) -> str:
        return "La latitude est comprise entre -90 et 90, la longitude entre -180 et 180 ; donnez les deux."


@dataclass(frozen=True, slots=True)
class UnknownTown(Refusal):
    """No position was given, and no commune of this name is known in the département of the postal code."""

    code: ClassVar[str] = "UNKNOWN_TOWN"
    city: str
    postal_code: str

    @property
    def message(self) -> str:
        return f"La commune {self.city} ({self.postal_code}) est inconnue : donnez la position du lieu."


@dataclass(frozen=True, slots=True)
class TownNotThere(Refusal):
    """No position was given, and the postal code is that of other communes: `choices`, the largest first."""

    code: ClassVar[str] = "TOWN_NOT_THERE"
    city: str
    postal_code: str
    choices: tuple[str, ...]

    @property
    def message(self) -> str:
        return (
            f"Le code postal {self.postal_code} n'est pas celui de {self.city} mais de : "
            f"{', '.join(self.choices)}. Corrigez l'un ou l'autre, ou donnez la position du lieu."
        )


@dataclass(frozen=True, slots=True)
class AmbiguousTown(Refusal):
    """No position was given, and several communes may be meant: `choices`."""

    code: ClassVar[str] = "AMBIGUOUS_TOWN"
    city: str
    postal_code: str
    choices: tuple[str, ...]

    @property
    def message(self) -> str:
        return (
            f"Plusieurs communes portent le nom {self.city} : {', '.join(self.choices)}. "
            "Donnez leur code postal ou la position du lieu."
        )


@dataclass(frozen=True, slots=True)
class PositionRequired(Refusal):
    """The commune is known, where it lies is not: give the venue's latitude and longitude."""

    code: ClassVar[str] = "POSITION_REQUIRED"
    city: str
    postal_code: str

    @property
    def message(self) -> str:
        return f"La position de {self.city} ({self.postal_code}) n'est pas connue : donnez celle du lieu."


@dataclass(frozen=True, slots=True)
class InvalidBookingEmail(Refusal):
    """Not an e-mail address."""

    code: ClassVar[str] = "INVALID_BOOKING_EMAIL"

    @property
    def message(self) -> str:
        return "L'adresse qui reçoit les réservations n'est pas une adresse mail valide."
