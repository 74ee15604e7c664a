"""Scalars of the platform: money in integer cents, instants with an offset."""

from datetime import datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError

from chassis.clock import iso, parse_instant

Cents = NewType("Cents", int)
"""An amount in euro cents. Within ±2^53, so that JavaScript clients read it exactly."""

_MAX = 2**53 - 1


def _is_cents(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MAX


def _read_cents(value: Any) -> int:
    if not _is_cents(value):
        raise GraphQLError("Cents must be a whole number of cents.")
    return int(value)


def _write_cents(value: Any) -> int:
    # What a client sends wrong is told to it; what we answer wrong is a bug, hence TypeError.
    if not _is_cents(value):
        raise TypeError("not an amount in cents")
    return int(value)


def _read_datetime(value: Any) -> datetime:
    try:
        return parse_instant(value)
    except (TypeError, ValueError):
        raise GraphQLError(
            "DateTime must be ISO 8601 with an offset, such as 2026-11-22T19:30:00Z."
        ) from None


def _write_datetime(value: Any) -> str:
    if not isinstance(value, datetime) or (text := iso(value)) is None:
        raise TypeError("not an instant")
    return text


SCALARS: dict[object, Any] = {
    Cents: strawberry.scalar(
        name="Cents",
        description="An amount in euro cents, a whole number.",
        serialize=_write_cents,
        parse_value=_read_cents,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, ISO 8601 with an offset; given in UTC.",
        serialize=_write_datetime,
        parse_value=_read_datetime,
    ),
}
