"""Opaque cursors from the sort keys of a row, the same in Relay connections and in REST pages."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from chassis.encoding import to_json

MAX_PAGE = 100
DEFAULT_PAGE = 20


class InvalidCursor(ValueError):
    """Not a cursor that this list gave."""


def encode_cursor(keys: Sequence[Any]) -> str:
    """The cursor of the row with these sort keys."""
    return base64.urlsafe_b64encode(to_json(list(keys))).decode().rstrip("=")


def read_cursor(cursor: str, *parsers: Callable[[Any], Any]) -> tuple[Any, ...]:
    """The sort keys in a cursor, each through its parser. Raises InvalidCursor."""
    try:
        keys = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(keys, list):
            raise InvalidCursor
        return tuple(parse(key) for parse, key in zip(parsers, keys, strict=True))
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError):
        raise InvalidCursor from None
