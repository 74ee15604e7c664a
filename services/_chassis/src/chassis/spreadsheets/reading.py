"""A CSV of ours, read back to the values it was written from."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from chassis.spreadsheets.columns import Column, Kind
from chassis.spreadsheets.csv_file import BYTE_ORDER_MARK
from chassis.spreadsheets.neutral import restored

_AMOUNT: Final = re.compile(r"(-?)(\d+),(\d{2})")
_RATE: Final = re.compile(r"(-?)(\d+)(?:,(\d{1,2}))?%")


def read_csv(columns: Sequence[Column], content: str) -> Iterator[tuple[object, ...]]:
    """The rows, typed. Instants come back to the minute; in the hour that clocks show twice, as the first.

    Raises ValueError, naming line and column, on what is no such file: another header, a cell of
    another kind.
    """
    lines = csv.reader(
        io.StringIO(content.removeprefix(BYTE_ORDER_MARK), newline=""), delimiter=";", strict=True
    )
    titles = [restored(title) for title in next(lines, [])]
    if titles != [column.title for column in columns]:
        raise ValueError("the header is another one")
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(columns):
            raise ValueError(f"line {number} has {len(cells)} cells")
        yield tuple(_value(column, cell, number) for column, cell in zip(columns, cells, strict=True))


def _value(column: Column, cell: str, number: int) -> object:
    if cell == "" and column.kind not in (Kind.TEXT, Kind.CODE):
        return None
    try:
        return _READERS[column.kind](column, cell)
    except ValueError:
        raise ValueError(f"line {number}, column {column.title!r}: not {column.kind.name}") from None


def _amount(_: Column, cell: str) -> int:
    match = _AMOUNT.fullmatch(restored(cell))
    if match is None:
        raise ValueError
    value = int(match[2]) * 100 + int(match[3])
    return -value if match[1] else value


def _rate(_: Column, cell: str) -> int:
    match = _RATE.fullmatch(cell)
    if match is None:
        raise ValueError
    value = int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
    return -value if match[1] else value


def _instant(column: Column, cell: str) -> dt.datetime:
    return dt.datetime.strptime(cell, "%d/%m/%Y %H:%M").replace(tzinfo=column.zone)


def _yes_no(_: Column, cell: str) -> bool:
    return {"Oui": True, "Non": False}.get(cell) or _no(cell)


def _no(cell: str) -> bool:
    if cell != "Non":
        raise ValueError
    return False


_READERS: Final[Mapping[Kind, Callable[[Column, str], object]]] = {
    Kind.TEXT: lambda _, cell: restored(cell),
    Kind.CODE: lambda _, cell: restored(cell),
    Kind.INTEGER: lambda _, cell: int(restored(cell)),
    Kind.AMOUNT: _amount,
    Kind.RATE: _rate,
    Kind.DATE: lambda _, cell: dt.datetime.strptime(cell, "%d/%m/%Y").replace(tzinfo=dt.UTC).date(),
    Kind.INSTANT: _instant,
    Kind.YES_NO: _yes_no,
}
