"""Everything identity may refuse, as a closed set of values. Codes are stable; sentences are French."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from chassis.refusals import Refusal

# -- what is typed in a form


_WHY_NO_EMAIL = MappingProxyType(
    {
        "EMPTY": "L’adresse e-mail est obligatoire.",
        "FORM": "L’adresse e-mail n’est pas valide.",
        "LENGTH": "L’adresse e-mail est trop longue.",
        "ACCENTED_NAME": (
            "Les lettres accentuées ne sont possibles qu’après le @ : beaucoup de messageries ne savent pas "
            "écrire à cette adresse. Indiquez-en une autre."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class MalformedEmail(Refusal):
    """What was typed is no e-mail address. `reason`: EMPTY, FORM, LENGTH (over 120) or ACCENTED_NAME (before the @)."""

    code: ClassVar[str] = "MALFORMED_EMAIL"
    reason: str

    @property
    def message(self) -> str:
        return _WHY_NO_EMAIL.get(self.reason, _WHY_NO_EMAIL["FORM"])


@dataclass(frozen=True, slots=True)
class WeakPassword(Refusal):
    """`specials` lists the special characters of which one is needed."""

    code: ClassVar[str] = "WEAK_PASSWORD"
    minimum_length: int
    specials: str

    @property
    def message(self) -> str:
        return (
            f"Le mot de passe doit contenir au moins {self.minimum_length} caractères, une majuscule, "
            f"une minuscule, un chiffre et un caractère spécial parmi {self.specials}"
        )


@dataclass(frozen=True, slots=True)
class BreachedPassword(Refusal):
    """It has been seen in a leak: it is tried first by whoever guesses."""

    code: ClassVar[str] = "BREACHED_PASSWORD"

    @property
    def message(self) -> str:
        return "Ce mot de passe figure dans une fuite de données connue : choisissez-en un autre."


@dataclass(frozen=True, slots=True)
class InvalidSiren(Refusal):
    """Nine digits with a Luhn checksum are needed."""

    code: ClassVar[str] = "INVALID_SIREN"

    @property
    def message(self) -> str:
        return "Ce numéro SIREN n’est pas valide : vérifiez ses 9 chiffres."


@dataclass(frozen=True, slots=True)
class InvalidSiret(Refusal):
    """Fourteen digits with a Luhn checksum are needed, or those of La Poste."""

    code: ClassVar[str] = "INVALID_SIRET"

    @property
    def message(self) -> str:
        return "Ce numéro SIRET n’est pas valide : vérifiez ses 14 chiffres."


@dataclass(frozen=True, slots=True)
class SiretOfAnotherStructure(Refusal):
    """The SIRET is well formed, but its first nine digits are not this `siren`."""

    code: ClassVar[str] = "SIRET_OF_ANOTHER_STRUCTURE"
    siren: str

    @property
    def message(self) -> str:
        return f"Le SIRET doit commencer par le SIREN de la structure ({self.siren})."


@dataclass(frozen=True, slots=True)
class InvalidPhone(Refusal):
    """No country could have this phone number."""

    code: ClassVar[str] = "INVALID_PHONE"

    @property
    def message(self) -> str:
        return "Le numéro de téléphone n’est pas valide."


@dataclass(frozen=True, slots=True)
class InvalidPostalCode(Refusal):
    """A postal code has five characters, such as 75011 or 2A004."""

    code: ClassVar[str] = "INVALID_POSTAL_CODE"

    @property
    def message(self) -> str:
        return "Le code postal n’est pas valide."


@dataclass(frozen=True, slots=True)
class InvalidName(Refusal):
    """`field` is the name of the input that is empty or too long."""

    code: ClassVar[str] = "INVALID_NAME"
    field: str
    maximum_length: int

    @property
    def message(self) -> str:
        return f"Ce champ est obligatoire et limité à {self.maximum_length} caractères : {self.field}."


@dataclass(frozen=True, slots=True)
class TooYoung(Refusal):
    """An account needs an age, in complete years."""

    code: ClassVar[str] = "TOO_YOUNG"
    minimum_age: int

    @property
    def message(self) -> str:
        return f"Il faut avoir {self.minimum_age} ans pour créer un compte."


@dataclass(frozen=True, slots=True)
class EmailAlreadyUsed(Refusal):
    """Said on the pro side only: the app never tells whether an address is known (domain.md §2.6, §2.8)."""

    code: ClassVar[str] = "EMAIL_ALREADY_USED"

    @property
    def message(self) -> str:
        return "Un compte existe déjà avec cette adresse e-mail."


# -- sessions and account tokens


@dataclass(frozen=True, slots=True)
class InvalidCredentials(Refusal):
    """Unknown address, wrong password and inactive account: one answer for the three."""

    code: ClassVar[str] = "INVALID_CREDENTIALS"

    @property
    def message(self) -> str:
        return "Identifiant ou mot de passe incorrect."


@dataclass(frozen=True, slots=True)
class PasswordNotChanged(Refusal):
    """Each field of the form with what is wrong with it, None where nothing is (domain.md §2.7)."""

    code: ClassVar[str] = "PASSWORD_NOT_CHANGED"
    old_password: str | None
    new_password: str | None
    new_password_confirmation: str | None

    @property
    def message(self) -> str:
        return " ".join(
            each for each in (self.old_password, self.new_password, self.new_password_confirmation) if each
        )


@dataclass(frozen=True, slots=True)
class SessionNotFound(Refusal):
    """No session of this person that is open has this id."""

    code: ClassVar[str] = "SESSION_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Il n’y a pas de session ouverte sous cet identifiant."


@dataclass(frozen=True, slots=True)
class EmailNotConfirmed(Refusal):
    """The password is right, but the mailed link was not followed yet."""

    code: ClassVar[str] = "EMAIL_NOT_CONFIRMED"

    @property
    def message(self) -> str:
        return "Ce compte n’est pas validé : suivez le lien reçu par e-mail."


@dataclass(frozen=True, slots=True)
class NoResendLeft(Refusal):
    """The mail was sent again `limit` times within 24 hours: said of every address, known or not."""

    code: ClassVar[str] = "NO_RESEND_LEFT"
    limit: int

    @property
    def message(self) -> str:
        return f"Ce message a déjà été renvoyé {self.limit} fois en 24 heures : réessayez demain."


@dataclass(frozen=True, slots=True)
class InvalidToken(Refusal):
    """Unknown, used, superseded or expired: one answer for the four."""

    code: ClassVar[str] = "INVALID_TOKEN"

    @property
    def message(self) -> str:
        return "Ce lien n’est pas valide ou n’est plus valable."


# -- another address for an account


@dataclass(frozen=True, slots=True)
class SameEmail(Refusal):
    """It is the address of the account already, in one form or another."""

    code: ClassVar[str] = "SAME_EMAIL"

    @property
    def message(self) -> str:
        return "C’est déjà l’adresse e-mail de ce compte."


@dataclass(frozen=True, slots=True)
class EmailOfTheTeam(Refusal):
    """A mailbox opens no account of the team: an operator makes one for another address."""

    code: ClassVar[str] = "EMAIL_OF_THE_TEAM"

    @property
    def message(self) -> str:
        return "L’adresse d’un membre de l’équipe ne se change pas ici."


@dataclass(frozen=True, slots=True)
class NoEmailChange(Refusal):
    """There is none that could still be cancelled."""

    code: ClassVar[str] = "NO_EMAIL_CHANGE"

    @property
    def message(self) -> str:
        return "Il n’y a pas de changement d’adresse à annuler."


@dataclass(frozen=True, slots=True)
class TooManyEmailChanges(Refusal):
    """The present address has had as many mails within an hour as one may cause."""

    code: ClassVar[str] = "TOO_MANY_EMAIL_CHANGES"

    @property
    def message(self) -> str:
        return "Trop de demandes de changement d’adresse : réessayez dans une heure."


# -- people, structures and attachments


@dataclass(frozen=True, slots=True)
class PersonNotFound(Refusal):
    """Nobody has this id."""

    code: ClassVar[str] = "PERSON_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Il n’y a personne sous cet identifiant."


@dataclass(frozen=True, slots=True)
class StructureNotFound(Refusal):
    """Nothing has this id, or nothing that the person may know of."""

    code: ClassVar[str] = "STRUCTURE_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Il n’y a pas de structure sous cet identifiant."


@dataclass(frozen=True, slots=True)
class AttachmentNotFound(Refusal):
    """Nothing has this id, or nothing that the person may know of: a stranger does not learn that it exists."""

    code: ClassVar[str] = "ATTACHMENT_NOT_FOUND"

    @property
    def message(self) -> str:
        return "Il n’y a pas de rattachement sous cet identifiant."


@dataclass(frozen=True, slots=True)
class StructureMoveRefused(Refusal):
    """`status` is what the structure is, `event` what was asked of it."""

    code: ClassVar[str] = "STRUCTURE_MOVE_REFUSED"
    status: str
    event: str

    @property
    def message(self) -> str:
        return "L’état de cette structure ne permet pas cette action."


@dataclass(frozen=True, slots=True)
class AttachmentMoveRefused(Refusal):
    """`status` is what the attachment is, `event` what was asked of it."""

    code: ClassVar[str] = "ATTACHMENT_MOVE_REFUSED"
    status: str
    event: str

    @property
    def message(self) -> str:
        return "L’état de ce rattachement ne permet pas cette action."


@dataclass(frozen=True, slots=True)
class AlreadySuspended(Refusal):
    """The account sleeps already; why it does stays as it was said first."""

    code: ClassVar[str] = "ALREADY_SUSPENDED"

    @property
    def message(self) -> str:
        return "Ce compte est déjà suspendu."


@dataclass(frozen=True, slots=True)
class ReasonNotOfTheTeam(Refusal):
    """It is what a person, or time, does to an account."""

    code: ClassVar[str] = "REASON_NOT_OF_THE_TEAM"

    @property
    def message(self) -> str:
        return "Ce motif n’est pas de ceux que l’équipe peut choisir."


@dataclass(frozen=True, slots=True)
class AccountIsDeactivated(Refusal):
    """Said to whoever knows the password: they have left of their own accord, and may come back until then."""

    code: ClassVar[str] = "ACCOUNT_IS_DEACTIVATED"
    comes_back_until: datetime

    @property
    def message(self) -> str:
        return "Vous avez désactivé ce compte : vous pouvez encore le réactiver."


@dataclass(frozen=True, slots=True)
class TeamDoesNotLeave(Refusal):
    """An account of the team is suspended by a colleague, at the end of a contract."""

    code: ClassVar[str] = "TEAM_DOES_NOT_LEAVE"

    @property
    def message(self) -> str:
        return "Un membre de l’équipe ne désactive pas son compte lui-même."


@dataclass(frozen=True, slots=True)
class NotSuspended(Refusal):
    """Only a suspended account is given back."""

    code: ClassVar[str] = "NOT_SUSPENDED"

    @property
    def message(self) -> str:
        return "Ce compte n'est pas suspendu."


@dataclass(frozen=True, slots=True)
class StaffActsForNobody(Refusal):
    """The team decides on structures, and is never one of them."""

    code: ClassVar[str] = "STAFF_ACTS_FOR_NOBODY"

    @property
    def message(self) -> str:
        return "Un membre de l’équipe ne peut pas agir pour une structure."


@dataclass(frozen=True, slots=True)
class DecidesForThemselves(Refusal):
    """Somebody else has to decide on what one has asked for, or gains by."""

    code: ClassVar[str] = "DECIDES_FOR_THEMSELVES"

    @property
    def message(self) -> str:
        return "Vous ne pouvez pas décider d’une demande qui vous concerne."


# -- eligibility and grants


@dataclass(frozen=True, slots=True)
class NotEligibleAge(Refusal):
    """No credit is given at this age by the rules of the day; `age` in complete years."""

    code: ClassVar[str] = "NOT_ELIGIBLE_AGE"
    age: int

    @property
    def message(self) -> str:
        return f"Aucun crédit n’est prévu à {self.age} ans."


@dataclass(frozen=True, slots=True)
class ResidenceExcluded(Refusal):
    """No credit is given to who lives in this `department`."""

    code: ClassVar[str] = "RESIDENCE_EXCLUDED"
    department: str

    @property
    def message(self) -> str:
        return f"Le pass Culture n’est pas ouvert dans ce département ({self.department})."


@dataclass(frozen=True, slots=True)
class StepMissing(Refusal):
    """`step` is the first step of the file that is not done."""

    code: ClassVar[str] = "STEP_MISSING"
    step: str

    @property
    def message(self) -> str:
        return f"Une étape de l’inscription n’est pas terminée : {self.step}."


@dataclass(frozen=True, slots=True)
class FileRefused(Refusal):
    """`step` is the step at which the file was judged unacceptable."""

    code: ClassVar[str] = "FILE_REFUSED"
    step: str

    @property
    def message(self) -> str:
        return "Ce dossier d’inscription a été refusé."


@dataclass(frozen=True, slots=True)
class GrantAlreadyGiven(Refusal):
    """One credit of a type per person, for ever; `family` names the type."""

    code: ClassVar[str] = "GRANT_ALREADY_GIVEN"
    family: str

    @property
    def message(self) -> str:
        return "Ce crédit a déjà été accordé."


@dataclass(frozen=True, slots=True)
class NotEntitledToBonus(Refusal):
    """Neither the family quotient nor an allowance entitles to it."""

    code: ClassVar[str] = "NOT_ENTITLED_TO_BONUS"

    @property
    def message(self) -> str:
        return "La situation déclarée ne donne pas droit au bonus."


@dataclass(frozen=True, slots=True)
class ActiveGrantExists(Refusal):
    """Another credit is still running."""

    code: ClassVar[str] = "ACTIVE_GRANT_EXISTS"

    @property
    def message(self) -> str:
        return "Un crédit est encore en cours."


@dataclass(frozen=True, slots=True)
class InvalidDocumentNumber(Refusal):
    """The number of an identity document has 8 to 12 letters or digits, or 14 characters with spaces."""

    code: ClassVar[str] = "INVALID_DOCUMENT_NUMBER"

    @property
    def message(self) -> str:
        return "Le numéro de la pièce d’identité n’est pas valide."


@dataclass(frozen=True, slots=True)
class DocumentAlreadyUsed(Refusal):
    """The document opened somebody else's credit."""

    code: ClassVar[str] = "DOCUMENT_ALREADY_USED"

    @property
    def message(self) -> str:
        return "Cette pièce d’identité a déjà servi à une inscription."


@dataclass(frozen=True, slots=True)
class DuplicateBeneficiary(Refusal):
    """Somebody of the same names and birth date has a credit."""

    code: ClassVar[str] = "DUPLICATE_BENEFICIARY"

    @property
    def message(self) -> str:
        return "Une personne de mêmes nom, prénom et date de naissance est déjà bénéficiaire."


@dataclass(frozen=True, slots=True)
class UnknownActivity(Refusal):
    """The activity is none of the list."""

    code: ClassVar[str] = "UNKNOWN_ACTIVITY"

    @property
    def message(self) -> str:
        return "Cette activité ne fait pas partie de la liste proposée."


@dataclass(frozen=True, slots=True)
class RoleForbidden(Refusal):
    """An administrator never holds a credit, a beneficiary never administers."""

    code: ClassVar[str] = "ROLE_FORBIDDEN"

    @property
    def message(self) -> str:
        return "Un administrateur ne peut pas être bénéficiaire."


@dataclass(frozen=True, slots=True)
class IdentityCheckMoveRefused(Refusal):
    """`status` is what the check is ("none" when there is none), `event` what was asked of it."""

    code: ClassVar[str] = "IDENTITY_CHECK_MOVE_REFUSED"
    status: str
    event: str

    @property
    def message(self) -> str:
        return "L’état de cette vérification d’identité ne permet pas cette action."


# -- the team's second factor


@dataclass(frozen=True, slots=True)
class ChallengeOver(Refusal):
    """The challenge is unknown, was answered, is older than five minutes, or has had its five tries."""

    code: ClassVar[str] = "CHALLENGE_OVER"

    @property
    def message(self) -> str:
        return "Cette demande de connexion n’est plus valable : saisissez à nouveau votre mot de passe."


@dataclass(frozen=True, slots=True)
class WrongFactor(Refusal):
    """The code, the key or the recovery code is not right, or has served already."""

    code: ClassVar[str] = "WRONG_FACTOR"

    @property
    def message(self) -> str:
        return "Ce second facteur n’est pas reconnu, ou ce code a déjà servi."


@dataclass(frozen=True, slots=True)
class EnrolmentOver(Refusal):
    """The account has no second factor, and the time to register one is over."""

    code: ClassVar[str] = "ENROLMENT_OVER"

    @property
    def message(self) -> str:
        return (
            "Le délai pour enregistrer votre second facteur est passé : "
            "demandez à un autre membre de l’équipe de le rouvrir."
        )


# -- technical partners


@dataclass(frozen=True, slots=True)
class ProviderNameTaken(Refusal):
    """A technical partner has this name already, but for case, accents and signs."""

    code: ClassVar[str] = "PROVIDER_NAME_TAKEN"

    @property
    def message(self) -> str:
        return "Un partenaire technique porte déjà ce nom."
