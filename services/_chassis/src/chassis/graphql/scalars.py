"""Scalars of the platform: money in integer cents, instants with an offset."""

from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError

from chassis.clock import iso, parse_instant

Cents = NewType("Cents", int)
"""An amount in euro cents. Within ±2^53, so that JavaScript clients read it exactly."""

_MAX = 2**53 - 1


def _cents(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MAX:
        raise GraphQLError(f"Cents must be a whole number of cents, not {value!r}.")
    return value


def _parse_datetime(value: Any) -> datetime:
    try:
        return parse_instant(value)
    except (TypeError, ValueError):
        raise GraphQLError(
            "DateTime must be ISO 8601 with an offset, such as 2026-11-22T19:30:00Z."
        ) from None


def _write_datetime(value: datetime) -> str:
    text = iso(value if value.tzinfo else value.replace(tzinfo=UTC))
    assert text is not None
    return text


SCALARS: dict[object, Any] = {
    Cents: strawberry.scalar(
        name="Cents",
        description="An amount in euro cents, a whole number.",
        serialize=_cents,
        parse_value=_cents,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, ISO 8601 with an offset; given in UTC.",
        serialize=_write_datetime,
        parse_value=_parse_datetime,
    ),
}
