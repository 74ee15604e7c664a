"""Opaque cursors from the sort keys of a row, the same in Relay connections and in REST pages."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for: `size` rows, counted from its start or from its end.

    `after` and `before` are the sort keys of rows that bound it, themselves not part of it. A page is
    in the list's own order in either direction.
    """

    size: int = DEFAULT_PAGE
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None
    from_end: bool = False

    @property
    def limit(self) -> int:
        """Rows to read: one beyond the page says whether there is more."""
        return self.size + 1
