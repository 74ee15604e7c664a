"""Errors clients can count on: a closed list of codes; a bug shows a trace id and nothing else."""

from enum import StrEnum
from typing import Any

from graphql import GraphQLError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.auth import InvalidToken, KeysUnavailable
from chassis.idempotency import IdempotencyConflict
from chassis.telemetry import log, trace_id


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
    PoolTimeout: (ErrorCode.UNAVAILABLE, "Le service est trop sollicité : réessayez dans un instant."),
}


def present(error: GraphQLError) -> dict[str, Any]:
    """One entry of the response's `errors`."""
    shown: dict[str, Any] = {}
    if error.path:
        shown["path"] = error.path
    if error.locations:
        shown["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    cause = error.original_error
    known = error if isinstance(error, ApiError) else cause if isinstance(cause, ApiError) else None
    if known is not None:
        shown["message"], code = known.message, known.code
    elif cause is not None and type(cause) in _KNOWN:
        code, shown["message"] = _KNOWN[type(cause)]
    elif cause is None or isinstance(cause, GraphQLError):
        # Raised by the GraphQL engine itself: the document or its variables are wrong.
        code = ErrorCode((error.extensions or {}).get("code", ErrorCode.GRAPHQL_INVALID))
        shown["message"] = error.message
    else:
        code = ErrorCode.INTERNAL
        shown["message"] = "Une erreur inattendue s'est produite. Elle a été enregistrée."
    shown["extensions"] = {"code": code.value, "traceId": trace_id.get()}
    return shown


def present_known(error: Exception) -> dict[str, Any]:
    """The entry for an error met before the operation began."""
    code, message = _KNOWN[type(error)]
    return {"message": message, "extensions": {"code": code.value, "traceId": trace_id.get()}}


def report(error: GraphQLError) -> None:
    """Log a bug with where it happened; what clients did wrong is not an error of ours."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError) or type(cause) in _KNOWN:
        return
    frames = []
    walk = cause.__traceback__
    while walk is not None:
        code = walk.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/src/')[2]}:{walk.tb_lineno}:{code.co_name}")
        walk = walk.tb_next
    log.error("graphql.bug", error=type(cause).__name__, path=error.path, at=frames[-6:])
