"""What is told of an exception, the same over GraphQL and REST: a code of a closed list and a sentence."""

from enum import StrEnum

from chassis.auth import InvalidToken, KeysUnavailable
from chassis.db import BUSY, NOT_IN_REPERTOIRE, out_of_reach, sqlstate
from chassis.idempotency import IdempotencyConflict
from chassis.live.positions import NotACursor
from chassis.live.streams import Draining, NotReady, TokenExpired, TooManyStreams, TooSlow


class ErrorCode(StrEnum):
    """Every value of `errors[].extensions.code` a subgraph may give."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    BAD_INPUT = "BAD_INPUT"
    GRAPHQL_INVALID = "GRAPHQL_INVALID"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


Verdict = tuple[ErrorCode, str]

_KNOWN: dict[type[BaseException], Verdict] = {
    InvalidToken: (ErrorCode.UNAUTHENTICATED, "Votre session n'est pas ou plus valable : reconnectez-vous."),
    KeysUnavailable: (
        ErrorCode.UNAVAILABLE,
        "Le service ne peut pas vous reconnaître pour l'instant : réessayez.",
    ),
    NotACursor: (ErrorCode.BAD_INPUT, "« after » n'est pas un curseur de cette souscription."),
    TooManyStreams: (
        ErrorCode.TOO_MANY_REQUESTS,
        "Vous êtes déjà connecté en direct sur trop d'appareils : fermez-en un.",
    ),
    TooSlow: (
        ErrorCode.LIMIT_EXCEEDED,
        "La connexion est trop lente : reprenez avec le dernier curseur reçu.",
    ),
    TokenExpired: (ErrorCode.UNAUTHENTICATED, "Votre session a expiré : renouvelez-la et reprenez."),
    Draining: (ErrorCode.UNAVAILABLE, "Le service redémarre : reprenez avec le dernier curseur reçu."),
    NotReady: (ErrorCode.UNAVAILABLE, "Le suivi en direct est indisponible : réessayez dans un instant."),
    IdempotencyConflict: (
        ErrorCode.IDEMPOTENCY_CONFLICT,
        "Cette clé d'idempotence a déjà servi pour une autre demande.",
    ),
}
_UNAVAILABLE = (ErrorCode.UNAVAILABLE, "Le service est trop sollicité : réessayez dans un instant.")
_UNWRITABLE = (ErrorCode.BAD_INPUT, "Le texte contient un caractère qui ne peut pas être enregistré.")
INTERNAL: Verdict = (
    ErrorCode.INTERNAL,
    "Une erreur inattendue s'est produite. Elle a été enregistrée.",
)


def verdict(error: BaseException) -> Verdict:
    """What to tell of `error`; INTERNAL, which tells nothing, of whatever is not expected."""
    if type(error) in _KNOWN:
        return _KNOWN[type(error)]
    if sqlstate(error) == NOT_IN_REPERTOIRE:
        return _UNWRITABLE
    return _UNAVAILABLE if _passes(error) else INTERNAL


def _passes(error: BaseException) -> bool:
    return out_of_reach(error) or sqlstate(error) in BUSY
