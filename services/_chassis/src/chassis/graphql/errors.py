"""Errors clients can count on: a closed list of codes; a bug shows a trace id and nothing else."""

from enum import StrEnum
from typing import Any

from graphql import GraphQLError
from sqlalchemy.exc import DBAPIError

from chassis.auth import InvalidToken, KeysUnavailable
from chassis.db import BUSY, NOT_IN_REPERTOIRE, out_of_reach, sqlstate
from chassis.idempotency import IdempotencyConflict
from chassis.telemetry import frames, log, trace_id


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


class ApiError(GraphQLError):
    """An error to show to the client as it is."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message, extensions={"code": code.value})
        self.code = code


_KNOWN: dict[type[BaseException], tuple[ErrorCode, str]] = {
    InvalidToken: (ErrorCode.UNAUTHENTICATED, "Votre session n'est pas ou plus valable : reconnectez-vous."),
    KeysUnavailable: (
        ErrorCode.UNAVAILABLE,
        "Le service ne peut pas vous reconnaître pour l'instant : réessayez.",
    ),
    IdempotencyConflict: (
        ErrorCode.IDEMPOTENCY_CONFLICT,
        "Cette clé d'idempotence a déjà servi pour une autre demande.",
    ),
}
_UNAVAILABLE = (ErrorCode.UNAVAILABLE, "Le service est trop sollicité : réessayez dans un instant.")
_UNWRITABLE = (ErrorCode.BAD_INPUT, "Le texte contient un caractère qui ne peut pas être enregistré.")
_INTERNAL = (ErrorCode.INTERNAL, "Une erreur inattendue s'est produite. Elle a été enregistrée.")


def tagged(error: GraphQLError, code: ErrorCode) -> GraphQLError:
    """An error of the GraphQL engine about a document, with the code to show it under."""
    error.extensions = {"code": code.value}
    return error


def present(error: GraphQLError) -> dict[str, Any]:
    """One entry of the response's `errors`."""
    code, message = _verdict(error)
    shown: dict[str, Any] = {"message": message}
    if error.path:
        shown["path"] = error.path
    if error.locations:
        shown["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    shown["extensions"] = {"code": code.value, "traceId": trace_id.get()}
    return shown


def present_known(error: Exception) -> dict[str, Any]:
    """The entry for an error met before the operation began."""
    return refusal(*_KNOWN[type(error)])


def refusal(code: ErrorCode, message: str) -> dict[str, Any]:
    """An entry that belongs to no place of the document."""
    return {"message": message, "extensions": {"code": code.value, "traceId": trace_id.get()}}


def _verdict(error: GraphQLError) -> tuple[ErrorCode, str]:
    cause = error.original_error
    for known in (error, cause):
        if isinstance(known, ApiError):
            return known.code, known.message
    if cause is not None and type(cause) in _KNOWN:
        return _KNOWN[type(cause)]
    if _is_the_clients(error):
        return ErrorCode((error.extensions or {}).get("code", ErrorCode.BAD_INPUT)), error.message
    if isinstance(cause, DBAPIError) and sqlstate(cause) == NOT_IN_REPERTOIRE:
        return _UNWRITABLE
    return _UNAVAILABLE if cause is not None and _passes(cause) else _INTERNAL


def _is_the_clients(error: GraphQLError) -> bool:
    """Whether the engine itself refused the document, its variables or its arguments.

    Before execution errors have no path; during it, an argument's error points at the argument,
    whereas a GraphQLError raised by our own code, or by a scalar that cannot write what we
    answered, points nowhere.
    """
    cause = error.original_error
    if error.path is None:
        return cause is None or isinstance(cause, GraphQLError)
    return isinstance(cause, GraphQLError) and bool(cause.nodes)


def _passes(cause: BaseException) -> bool:
    return out_of_reach(cause) or (isinstance(cause, DBAPIError) and sqlstate(cause) in BUSY)


def report(error: GraphQLError) -> None:
    """Log a bug with where it happened; what clients did wrong is not an error of ours."""
    code, _ = _verdict(error)
    cause = error.original_error or error
    if code is ErrorCode.INTERNAL:
        log.error("graphql.bug", error=type(cause).__name__, path=error.path, at=frames(cause.__traceback__))
    elif code is ErrorCode.UNAVAILABLE:
        state = sqlstate(cause) if isinstance(cause, DBAPIError) else None
        log.warning("graphql.unavailable", error=type(cause).__name__, sqlstate=state, path=error.path)
