"""Records: rows as frozen dataclasses, or named tuples for COPY, whose fields name the columns once.

A record's fields are columns of its table, so that INSERT and SELECT lists, parameters and the event
all follow from it. A record may hold fewer columns than the table, never others.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R")


def columns(
    table: sa.FromClause, record: type[Any], **elsewhere: sa.ColumnElement[Any]
) -> list[sa.ColumnElement[Any]]:
    """The columns of `table` in the order of the record's fields: `Record(*row)` makes one of a row.

    `elsewhere` gives the expression of each field that is no column of `table`, as in a join. Raises
    KeyError at import for a field that is neither.
    """
    return [elsewhere[name].label(name) if name in elsewhere else table.c[name] for name in names(record)]


def names(record: type[Any]) -> tuple[str, ...]:
    """The record's fields, in order."""
    if record not in _NAMES:
        named = getattr(record, "_fields", None)
        _NAMES[record] = named or tuple(field.name for field in fields(record))
    return _NAMES[record]


_NAMES: dict[type[Any], tuple[str, ...]] = {}


def parameters(record: "DataclassInstance") -> dict[str, Any]:
    """The record as the parameters of a statement; values are not copied."""
    return {name: getattr(record, name) for name in names(type(record))}


def each_as(record: Callable[..., R], rows: Iterable[sa.Row[Any]]) -> list[R]:
    """The record of each row of a statement that selected `columns(table, record)`."""
    return [record(*row) for row in rows]
