"""How values become JSON, everywhere the same: ids as text, instants in UTC ending in Z."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.clock import iso


def to_json(value: Any, *, sorted_keys: bool = False) -> bytes:
    """`value` as JSON.

    Raises TypeError on what has no JSON form: integers beyond 64 bits and naive datetimes included.
    """
    option = orjson.OPT_PASSTHROUGH_DATETIME | (orjson.OPT_SORT_KEYS if sorted_keys else 0)
    return orjson.dumps(value, default=_plain, option=option)


def _plain(value: Any) -> str | None:
    if isinstance(value, UUID):  # asyncpg gives ids of a class of its own
        return str(value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError
