"""Tables for people's spreadsheets: CSV and XLSX from one description of columns, row by row.

No programme runs what somebody typed, and none takes a code for a number or an amount for a text.
"""

from chassis.spreadsheets.columns import (
    Column,
    Row,
    amount,
    code,
    date,
    instant,
    integer,
    rate,
    text,
    yes_no,
)
from chassis.spreadsheets.csv_file import CsvRows, csv_chunks
from chassis.spreadsheets.formats import SpreadsheetFormat, spreadsheet
from chassis.spreadsheets.reading import read_csv
from chassis.spreadsheets.xlsx_file import xlsx_chunks

__all__ = [
    "Column",
    "CsvRows",
    "Row",
    "SpreadsheetFormat",
    "amount",
    "code",
    "csv_chunks",
    "date",
    "instant",
    "integer",
    "rate",
    "read_csv",
    "spreadsheet",
    "text",
    "xlsx_chunks",
    "yes_no",
]
