"""Rules that changed over the years, held as data: one table per family of rules.

A table is an ordered list of rows, each valid from an instant (inclusive) until the
next row's (exclusive). Asking a table about an instant gives exactly one row, or a
clear error when the rule did not exist yet. Rows remember the source that states them
and the line of code that holds them, so that the documentation can point at both.
"""

import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""`valid_from` of a row that has been true for as long as the platform remembers."""


class NoRuleInForce(LookupError):
    """The table has no row for this instant: the rule did not exist yet."""


def _caller() -> str:
    frame = sys._getframe(2)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """One edition of a rule."""

    valid_from: datetime
    value: T
    source: str
    location: str
    note: str = ""


def row(valid_from: datetime, value: T, *, source: str, note: str = "") -> Row[T]:
    """An edition in force from `valid_from` (aware, inclusive); `source` says where it is stated."""
    if valid_from.tzinfo is None:
        raise ValueError("valid_from must be an aware datetime")
    return Row(valid_from, value, source, _caller(), note)


def midnight(zone: str, year: int, month: int, day: int) -> datetime:
    """00:00 of a calendar day in `zone`, as an aware instant: the usual start of an edition."""
    return datetime.combine(date(year, month, day), time.min, ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class DatedTable(Generic[T]):
    """All editions of one rule, oldest first.

    `keyed_by` names the date the rule depends on (grant date, date of use, …).
    """

    name: str
    keyed_by: str
    rows: Sequence[Row[T]]
    _starts: tuple[datetime, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        starts = tuple(edition.valid_from for edition in self.rows)
        if not starts:
            raise ValueError(f"{self.name}: a dated table needs at least one row")
        if any(later <= earlier for earlier, later in pairwise(starts)):
            raise ValueError(f"{self.name}: rows must be ordered by a growing valid_from")
        object.__setattr__(self, "_starts", starts)

    def row_at(self, instant: datetime) -> Row[T]:
        """The edition in force at an aware instant.

        Raises NoRuleInForce before the first row and ValueError on a naive datetime.
        """
        if instant.tzinfo is None:
            raise ValueError(f"{self.name}: {self.keyed_by} must be an aware datetime")
        position = bisect_right(self._starts, instant)
        if position == 0:
            raise NoRuleInForce(f"{self.name}: no rule in force on {instant.isoformat()}")
        return self.rows[position - 1]

    def at(self, instant: datetime) -> T:
        """The value in force at an aware instant; errors as `row_at`."""
        return self.row_at(instant).value

    def periods(self) -> Iterator[tuple[datetime, datetime | None, Row[T]]]:
        """Each row with its half-open period `[valid_from, valid_until)`; the last has no end."""
        ends = (*self._starts[1:], None)
        for edition, end in zip(self.rows, ends, strict=True):
            yield edition.valid_from, end, edition
