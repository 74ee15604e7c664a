"""CSV as French spreadsheets read it: UTF-8 with byte order mark, `;`, CRLF, decimals with a comma.

Every text is quoted, every number is not.
"""

import datetime as dt
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from typing import Final, cast

from chassis.spreadsheets.columns import Column, Kind, Row
from chassis.spreadsheets.neutral import constant, plain

BYTE_ORDER_MARK: Final = "\ufeff"
_CHUNK_BYTES: Final = 64 * 1024
_EXACT_DIGITS: Final = 15
"""What spreadsheets keep of a number."""


class CsvRows:
    """Lines of one table, as text."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns

    def head(self) -> str:
        """The first line, byte order mark before it."""
        return BYTE_ORDER_MARK + _line(_quoted(plain(column.title)) for column in self._columns)

    def line(self, row: Row) -> str:
        """Raises TypeError on a value of another kind, ValueError on another number of values."""
        return _line(
            _cell(column, column.checked(value)) for column, value in zip(self._columns, row, strict=True)
        )


async def csv_chunks(columns: Sequence[Column], rows: AsyncIterable[Row]) -> AsyncIterator[bytes]:
    """The file in pieces, as rows come. Raises as `CsvRows.line`."""
    lines = CsvRows(columns)
    piece = bytearray(_encoded(lines.head()))
    async for row in rows:
        piece += _encoded(lines.line(row))
        if len(piece) >= _CHUNK_BYTES:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def _encoded(line: str) -> bytes:
    return line.encode("utf-8", "replace")


def _line(cells: Iterable[str]) -> str:
    return ";".join(cells) + "\r\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _cell(column: Column, value: object) -> str:
    if value is None:
        return ""
    match column.kind:
        case Kind.TEXT:
            return _quoted(plain(cast(str, value)))
        case Kind.CODE:
            return _quoted(constant(cast(str, value)))
        case Kind.INTEGER:
            return _number(str(value), cast(int, value))
        case Kind.AMOUNT:
            return _number(hundredths(cast(int, value)), cast(int, value))
        case Kind.RATE:
            return percent(cast(int, value))
        case Kind.DATE:
            return f"{cast(dt.date, value):%d/%m/}{cast(dt.date, value).year:04d}"
        case Kind.INSTANT:
            local = column.local(cast(dt.datetime, value))
            return f"{local:%d/%m/}{local.year:04d}{local: %H:%M}"
        case Kind.YES_NO:
            return "Oui" if value else "Non"


def _number(written: str, value: int) -> str:
    """A number of more digits than spreadsheets keep is one that they would change: it becomes a constant."""
    return written if len(str(abs(value))) <= _EXACT_DIGITS else _quoted(f'="{written}"')


def hundredths(value: int) -> str:
    """`2850` as `28,50`."""
    whole, rest = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole},{rest:02d}"


def percent(basis_points: int) -> str:
    """`9500` as `95%`, `9250` as `92,5%`."""
    return hundredths(basis_points).rstrip("0").rstrip(",") + "%"
