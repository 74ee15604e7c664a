"""Errors clients can count on: a closed list of codes; a bug shows a trace id and nothing else."""

import re
from typing import Any

from graphql import GraphQLError

from chassis.db import sqlstate
from chassis.telemetry import frames, log, trace_id
from chassis.verdicts import INTERNAL, ErrorCode, verdict

__all__ = ["ApiError", "ErrorCode", "discreet", "present", "present_known", "refusal", "report", "tagged"]


class ApiError(GraphQLError):
    """An error to show to the client as it is."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message, extensions={"code": code.value})
        self.code = code


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
    return refusal(*verdict(error))


def refusal(code: ErrorCode, message: str) -> dict[str, Any]:
    """An entry that belongs to no place of the document."""
    return {"message": message, "extensions": {"code": code.value, "traceId": trace_id.get()}}


def _verdict(error: GraphQLError) -> tuple[ErrorCode, str]:
    cause = error.original_error
    for known in (error, cause):
        if isinstance(known, ApiError):
            return known.code, known.message
    if _is_the_clients(error):
        return ErrorCode((error.extensions or {}).get("code", ErrorCode.BAD_INPUT)), error.message
    return INTERNAL if cause is None else verdict(cause)


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


def discreet(error: GraphQLError) -> GraphQLError:
    """The engine's complaint without what it quotes of the request: values, and names that would have fitted.

    Any other error is given back as it is.
    """
    if (
        isinstance(error, ApiError)
        or isinstance(error.original_error, ApiError)
        or not _is_the_clients(error)
    ):
        return error
    if variable := _VARIABLE.match(error.message):
        sentence = f"La variable ${variable[1]} a une valeur qui ne convient pas."
    elif error.nodes or error.path:
        sentence = "Une valeur ne convient pas au type attendu."
    else:
        sentence = "Le document n'a pas l'opération demandée."
    return GraphQLError(
        sentence,
        error.nodes,
        path=error.path,
        original_error=error.original_error,
        extensions=error.extensions,
    )


_VARIABLE = re.compile(r"Variable '\$(\w{1,40})'")


def report(error: GraphQLError) -> None:
    """Log a bug with where it happened; what clients did wrong is not an error of ours."""
    code, _ = _verdict(error)
    cause = error.original_error or error
    if code is ErrorCode.INTERNAL:
        log.error("graphql.bug", error=type(cause).__name__, path=error.path, at=frames(cause.__traceback__))
    elif code is ErrorCode.UNAVAILABLE:
        log.warning(
            "graphql.unavailable", error=type(cause).__name__, sqlstate=sqlstate(cause), path=error.path
        )
