"""Why a request was not done, as RFC 9457 problem details with a code of a closed list."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NoReturn

import orjson
from starlette.responses import Response

from chassis.telemetry import trace_id
from chassis.verdicts import verdict

MEDIA_TYPE = "application/problem+json"


class ProblemCode(StrEnum):
    """Every `code` that the kit gives; a context's refusals bring their own, declared by the endpoint.

    A name that GraphQL's `ErrorCode` has too means the same.
    """

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    BAD_INPUT = "BAD_INPUT"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    PRECONDITION_FAILED = "PRECONDITION_FAILED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


STATUS: Mapping[ProblemCode, int] = {
    ProblemCode.BAD_INPUT: 400,
    ProblemCode.UNAUTHENTICATED: 401,
    ProblemCode.FORBIDDEN: 403,
    ProblemCode.NOT_FOUND: 404,
    ProblemCode.METHOD_NOT_ALLOWED: 405,
    ProblemCode.PRECONDITION_FAILED: 412,
    ProblemCode.LIMIT_EXCEEDED: 413,
    ProblemCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ProblemCode.IDEMPOTENCY_CONFLICT: 422,
    ProblemCode.TOO_MANY_REQUESTS: 429,
    ProblemCode.INTERNAL: 500,
    ProblemCode.UNAVAILABLE: 503,
}

TITLES: Mapping[int, str] = {
    400: "Demande incorrecte",
    401: "Authentification requise",
    402: "Paiement requis",
    403: "Action interdite",
    404: "Introuvable",
    405: "Méthode non permise",
    409: "Conflit",
    410: "Plus disponible",
    412: "Condition non remplie",
    413: "Demande trop longue",
    415: "Type de contenu refusé",
    416: "Partie introuvable",
    422: "Demande impossible à traiter",
    429: "Trop de demandes",
    500: "Erreur inattendue",
    503: "Service indisponible",
}
"""Statuses that a problem may have; RFC 9457 lets the title be in the reader's language."""


class Problem(Exception):
    """Ends a request with a problem of the kit's own; `detail` is a French sentence without the values sent."""

    def __init__(
        self,
        code: ProblemCode,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = errors

    @property
    def status(self) -> int:
        return STATUS[self.code]


def not_found(detail: str = "Cette ressource n'existe pas.") -> NoReturn:
    """For what does not exist, and for what is somebody else's: a stranger cannot tell them apart."""
    raise Problem(ProblemCode.NOT_FOUND, detail)


def forbidden(detail: str = "Votre compte ne permet pas cette action.") -> NoReturn:
    """For what the caller may know of, but not do."""
    raise Problem(ProblemCode.FORBIDDEN, detail)


def too_many(
    seconds: int, detail: str | None = None, *, headers: Mapping[str, str] | None = None
) -> NoReturn:
    """For who should come back in that many seconds."""
    said = detail or f"Trop de demandes : réessayez dans {seconds} s."
    whole = {**(headers or {}), "Retry-After": str(seconds)}
    raise Problem(ProblemCode.TOO_MANY_REQUESTS, said, headers=whole)


def problem_of(error: BaseException) -> Problem:
    """What to tell of an exception; INTERNAL, which tells nothing, of a bug."""
    if isinstance(error, Problem):
        return error
    code, sentence = verdict(error)
    return Problem(ProblemCode(code.value), sentence)


def body_of(status: int, code: str, detail: str, members: Mapping[str, Any]) -> bytes:
    """Problem details; `members` are its extension members."""
    standing = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
        "traceId": trace_id.get(),
    }
    return orjson.dumps({**members, **standing})


def respond(
    status: int,
    code: str,
    detail: str,
    *,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    sent = {"Cache-Control": "no-store", **(headers or {})}
    return Response(body_of(status, code, detail, members or {}), status, sent, MEDIA_TYPE)


def response_of(problem: Problem) -> Response:
    headers = dict(problem.headers)
    if problem.code is ProblemCode.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    members = {"errors": [dict(error) for error in problem.errors]} if problem.errors else {}
    return respond(problem.status, problem.code.value, problem.detail, members=members, headers=headers)
