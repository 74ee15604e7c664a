"""The formats that a person may choose from."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from enum import StrEnum

from chassis.spreadsheets.columns import Column, Row
from chassis.spreadsheets.csv_file import csv_chunks
from chassis.spreadsheets.xlsx_file import xlsx_chunks


class SpreadsheetFormat(StrEnum):
    """Its value is the extension of its files."""

    CSV = "csv"
    XLSX = "xlsx"


def spreadsheet(
    form: SpreadsheetFormat, columns: Sequence[Column], rows: AsyncIterable[Row], title: str = "Feuille"
) -> AsyncIterator[bytes]:
    """The file in pieces, for `Files.write` or an answer. `title` names the sheet where the format has any."""
    match form:
        case SpreadsheetFormat.CSV:
            return csv_chunks(columns, rows)
        case SpreadsheetFormat.XLSX:
            return xlsx_chunks(columns, rows, title)
