"""What a table holds, column by column; a row is one value for each, None for an empty cell."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from zoneinfo import ZoneInfo

Row = Sequence[object]


class Kind(Enum):
    TEXT = auto()
    """`str` that somebody typed."""
    CODE = auto()
    """`str` that must not be taken for a number or a date: SIRET, EAN, contremarque, postal code."""
    INTEGER = auto()
    AMOUNT = auto()
    """`int`, cents."""
    RATE = auto()
    """`int`, basis points: 9 250 is 92.5 %."""
    DATE = auto()
    INSTANT = auto()
    """Aware `datetime`, shown in the column's zone, to the minute."""
    YES_NO = auto()
    """`bool`, shown as Oui and Non."""


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    kind: Kind
    zone: ZoneInfo | None = None
    width: int = 16
    """In characters, where the format knows widths."""

    def checked(self, value: object) -> object:
        """The value itself. Raises TypeError, naming the column and not the value, when it is of another kind."""
        if value is None or _is_of(self.kind, value):
            return value
        raise TypeError(f"column {self.title!r} is {self.kind.name}, not {type(value).__name__}")

    def local(self, instant: dt.datetime) -> dt.datetime:
        """What clocks in the column's zone show, to the minute, without the zone."""
        return instant.astimezone(self.zone).replace(second=0, microsecond=0, tzinfo=None, fold=0)


def _is_of(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.TEXT | Kind.CODE:
            return isinstance(value, str)
        case Kind.INTEGER | Kind.AMOUNT | Kind.RATE:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.DATE:
            return isinstance(value, dt.date) and not isinstance(value, dt.datetime)
        case Kind.INSTANT:
            return isinstance(value, dt.datetime) and value.tzinfo is not None
        case Kind.YES_NO:
            return isinstance(value, bool)


def text(title: str, width: int = 28) -> Column:
    return Column(title, Kind.TEXT, width=width)


def code(title: str, width: int = 16) -> Column:
    return Column(title, Kind.CODE, width=width)


def integer(title: str) -> Column:
    return Column(title, Kind.INTEGER, width=12)


def amount(title: str) -> Column:
    return Column(title, Kind.AMOUNT, width=14)


def rate(title: str) -> Column:
    return Column(title, Kind.RATE, width=10)


def date(title: str) -> Column:
    return Column(title, Kind.DATE, width=12)


def instant(title: str, zone: ZoneInfo) -> Column:
    return Column(title, Kind.INSTANT, zone, width=18)


def yes_no(title: str) -> Column:
    return Column(title, Kind.YES_NO, width=8)
