"""XLSX, written row by row into a file beside and handed out from it: memory does not grow with rows.

Cells have types here: a text is one, whatever it begins with, and stays one when somebody edits it.
"""

import asyncio
import datetime as dt
import re
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from typing import Any, Final, cast

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chassis.spreadsheets.columns import Column, Kind, Row
from chassis.spreadsheets.csv_file import hundredths

_ROWS_AT_ONCE: Final = 500
_MOST_ROWS: Final = 1_048_575
"""Below the header, in one sheet."""
_CHUNK_BYTES: Final = 256 * 1024
_LONGEST_UNITS: Final = 32_767
"""What a cell holds, in units of UTF-16."""
_CUT: Final = " […]"
_EXACT: Final = 10**15
_FIRST_DAY: Final = dt.date(1900, 3, 1)
"""Before it, Excel counts a day that was not."""

_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMATS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "@",
    Kind.CODE: "@",
    Kind.INTEGER: "0",
    Kind.AMOUNT: "#,##0.00",
    Kind.RATE: "0.##%",
    Kind.DATE: "dd/mm/yyyy",
    Kind.INSTANT: "dd/mm/yyyy hh:mm",
    Kind.YES_NO: "@",
}
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


async def xlsx_chunks(
    columns: Sequence[Column], rows: AsyncIterable[Row], title: str = "Feuille"
) -> AsyncIterator[bytes]:
    """The file in pieces, once all rows have come. More rows than a sheet holds go on in another.

    A text longer than a cell holds (32 767) is cut, and says so. Raises TypeError on a value of
    another kind, ValueError on another number of values.
    """
    with (
        tempfile.TemporaryFile(prefix="pass-xlsx-") as file,
        tempfile.TemporaryDirectory(prefix="pass-xlsx-") as beside,
    ):
        table = _Table(columns, title, file, beside)
        try:
            batch: list[Row] = []
            async for row in rows:
                batch.append(row)
                if len(batch) == _ROWS_AT_ONCE:
                    await asyncio.to_thread(table.write, batch)
                    batch = []
            await asyncio.to_thread(table.write, batch)
        finally:
            # Closed even when given up: it holds files of its own open until then.
            await asyncio.shield(asyncio.to_thread(table.close))
        file.seek(0)
        while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
            yield chunk


class _Table:
    def __init__(self, columns: Sequence[Column], title: str, file: Any, beside: str) -> None:
        self._columns = columns
        self._title = sheet_name(title)
        self._book = xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": beside})
        self._head = self._book.add_format({"bold": True, "num_format": "@"})
        self._formats = {kind: self._book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
        self._whole_percent = self._book.add_format({"num_format": "0%"})
        self._sheets = 0
        self._sheet = self._next_sheet()
        self._line = 0

    def _next_sheet(self) -> Worksheet:
        self._sheets += 1
        suffix = "" if self._sheets == 1 else f" {self._sheets}"
        sheet: Worksheet = self._book.add_worksheet(self._title[: 31 - len(suffix)] + suffix)
        for index, column in enumerate(self._columns):
            sheet.set_column(index, index, column.width)
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(self._columns):
            sheet.write_string(0, index, cell_text(column.title), self._head)
        self._line = 0
        return sheet

    def write(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if self._line == _MOST_ROWS:
                self._sheet = self._next_sheet()
            self._line += 1
            for index, (column, value) in enumerate(zip(self._columns, row, strict=True)):
                if column.checked(value) is not None:
                    self._cell(index, column, value)

    def _cell(self, index: int, column: Column, value: object) -> None:
        form: Format = self._formats[column.kind]
        put = self._sheet
        match column.kind:
            case Kind.TEXT | Kind.CODE:
                put.write_string(self._line, index, cell_text(cast(str, value)), form)
            case Kind.INTEGER:
                self._number(index, cast(int, value), str(value), form, 1)
            case Kind.AMOUNT:
                self._number(index, cast(int, value), hundredths(cast(int, value)), form, 100)
            case Kind.RATE:
                shown = self._whole_percent if cast(int, value) % 100 == 0 else form
                put.write_number(self._line, index, cast(int, value) / 10_000, shown)
            case Kind.DATE:
                self._day(index, cast(dt.date, value), "%d/%m/%Y", form)
            case Kind.INSTANT:
                self._day(index, column.local(cast(dt.datetime, value)), "%d/%m/%Y %H:%M", form)
            case Kind.YES_NO:
                put.write_string(self._line, index, "Oui" if value else "Non", form)

    def _number(self, index: int, value: int, written: str, form: Format, per: int) -> None:
        """A number of more digits than a cell keeps is written as text, in full."""
        if abs(value) < _EXACT:
            self._sheet.write_number(self._line, index, value / per, form)
        else:
            self._sheet.write_string(self._line, index, written, self._formats[Kind.CODE])

    def _day(self, index: int, value: dt.date, written: str, form: Format) -> None:
        day = value.date() if isinstance(value, dt.datetime) else value
        if day >= _FIRST_DAY:
            self._sheet.write_datetime(self._line, index, value, form)
        else:
            self._sheet.write_string(self._line, index, value.strftime(written), self._formats[Kind.CODE])

    def close(self) -> None:
        self._book.close()


def cell_text(text: str) -> str:
    """The text as a cell can hold it: no characters that XML has not, line ends as `\\n`, not too long."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if not clean.isprintable():
        clean = _UNWRITABLE.sub("\ufffd", clean)
    if len(clean) <= _LONGEST_UNITS // 2:
        return clean
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_UNITS:
        return clean
    return units[: 2 * (_LONGEST_UNITS - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def sheet_name(title: str) -> str:
    """A name that Excel takes for a sheet."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", title).strip("' ")[:31] or "Feuille"
