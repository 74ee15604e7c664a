"""One description, two formats, each read back by libraries that are not ours, value by value and type by type."""

import asyncio
import csv
import datetime as dt
import io
import os
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from chassis.spreadsheets import (
    Column,
    Row,
    SpreadsheetFormat,
    amount,
    code,
    csv_chunks,
    date,
    instant,
    integer,
    rate,
    read_csv,
    spreadsheet,
    text,
    xlsx_chunks,
    yes_no,
)
from chassis.spreadsheets.xlsx_file import cell_text, sheet_name

PARIS = ZoneInfo("Europe/Paris")
CAYENNE = ZoneInfo("America/Cayenne")
COLUMNS = (
    text("Nom"),
    code("SIRET"),
    integer("Quantité"),
    amount("Montant"),
    rate("Barème"),
    date("Jour"),
    instant("Validée à Paris", PARIS),
    instant("Validée à Cayenne", CAYENNE),
    yes_no("Duo"),
)
NOON = dt.datetime(2026, 7, 1, 12, 0, 30, tzinfo=dt.UTC)
ROWS: tuple[Row, ...] = (
    ("Léa", "01234567890123", 2, 123_456, 9_500, dt.date(2026, 2, 1), NOON, NOON, True),
    ("=1+1", "2222E5", -3, -5, 9_250, dt.date(2026, 12, 31), NOON, NOON, False),
    (None, None, None, None, None, None, None, None, None),
)


async def rows_of(rows: Iterable[Row]) -> AsyncIterator[Row]:
    for row in rows:
        yield row


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def as_csv(columns: Sequence[Column], rows: Iterable[Row]) -> str:
    return (await whole(csv_chunks(columns, rows_of(rows)))).decode()


async def as_xlsx(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    return await whole(xlsx_chunks(columns, rows_of(rows), "Remboursements"))


async def test_a_csv_is_what_french_spreadsheets_read() -> None:
    content = await as_csv(COLUMNS, ROWS)
    assert content.startswith("\ufeff")
    assert content.encode().startswith(b"\xef\xbb\xbf")
    head, first, second, empty, end = content.removeprefix("\ufeff").split("\r\n")
    assert head.split(";")[:3] == ['"Nom"', '"SIRET"', '"Quantité"']
    assert (
        first == '"Léa";"=""01234567890123""";2;1234,56;95%;01/02/2026;01/07/2026 14:00;01/07/2026 09:00;Oui'
    )
    assert second == '"\'=1+1";"=""2222E5""";-3;-0,05;92,5%;31/12/2026;01/07/2026 14:00;01/07/2026 09:00;Non'
    assert (empty, end) == (";" * 8, "")


async def test_a_csv_of_ours_is_read_back_to_what_it_was_written_from() -> None:
    first, second, empty = read_csv(COLUMNS, await as_csv(COLUMNS, ROWS))
    minute = NOON.replace(second=0)
    assert first == (*ROWS[0][:6], minute, minute, True)
    assert second == (*ROWS[1][:6], minute, minute, False)
    assert empty == ("", "", *[None] * 7)


@pytest.mark.parametrize("library", ["openpyxl", "calamine"])
async def test_an_xlsx_holds_values_of_the_right_types(library: str) -> None:
    header, first, second, *rest = read_xlsx(await as_xlsx(COLUMNS, ROWS), library)
    assert header == [column.title for column in COLUMNS]
    local = (dt.datetime(2026, 7, 1, 14, 0), dt.datetime(2026, 7, 1, 9, 0))  # noqa: DTZ001  # as cells are
    assert first[:2] == ["Léa", "01234567890123"]
    assert first[2:5] == pytest.approx([2, 1234.56, 0.95])
    assert (day(first[5]), *first[6:]) == (dt.date(2026, 2, 1), *local, "Oui")
    assert second[:2] == ["=1+1", "2222E5"]
    assert second[2:5] == pytest.approx([-3, -0.05, 0.925])
    assert all(cell in (None, "") for row in rest for cell in row)


async def test_an_xlsx_holds_no_formula_and_shows_numbers_as_they_are_meant() -> None:
    content = await as_xlsx(COLUMNS, ROWS)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet
        assert not [name for name in parts.namelist() if "external" in name or "vba" in name]
    cells = openpyxl.load_workbook(io.BytesIO(content)).active["2"]  # type: ignore[index]
    assert [cell.data_type for cell in cells] == ["s", "s", "n", "n", "n", "d", "d", "d", "s"]
    assert [cell.number_format for cell in cells] == [
        *("@", "@", "0", "#,##0.00", "0%", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "dd/mm/yyyy hh:mm", "@")
    ]


def read_xlsx(content: bytes, library: str) -> list[list[object]]:
    if library == "openpyxl":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python(skip_empty_area=False)]


def day(value: object) -> dt.date:
    assert isinstance(value, dt.date)
    return value.date() if isinstance(value, dt.datetime) else value


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "=1+1",
        "_x0041_",
        "_x000D_",
        "&amp;",
        "<c>",
        " a ",
        "\n",
        "http://a.b",
        "1",
        "TRUE",
        "2026-01-01",
        "{=1}",
        "\ufffe",
    ]
)


def unescaped(cell: object, library: str) -> object:
    """openpyxl leaves `_x005F_`, the standard's own escape of `_`, as it stands in cells that hold their text."""
    return unescape(cell) if library == "openpyxl" and isinstance(cell, str) else cell


@given(st.lists(st.tuples(_TEXTS, _TEXTS), max_size=4))
@settings(max_examples=60)
def test_any_texts_survive_an_xlsx(rows: list[tuple[str, str]]) -> None:
    content = asyncio.run(as_xlsx([text("a"), code("b")], rows))
    wanted = [[cell_text(cell) for cell in row] for row in rows]
    for library in ("openpyxl", "calamine"):
        read = read_xlsx(content, library)[1:]
        shown = [["" if cell is None else unescaped(cell, library) for cell in row] for row in read]
        shown += [["", ""]] * (len(wanted) - len(shown))
        assert shown == wanted, library


@given(
    st.lists(
        st.tuples(
            _TEXTS,
            _TEXTS,
            st.integers(-(10**20), 10**20),
            st.integers(-(10**18), 10**18),
            st.integers(-20_000, 20_000),
            st.dates(dt.date(1000, 1, 1)),
            st.datetimes(dt.datetime(1900, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001
            st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(9999, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001
            st.booleans(),
        ),
        max_size=5,
    )
)
def test_any_values_survive_a_csv(rows: list[tuple[object, ...]]) -> None:
    columns = (*COLUMNS[:6], instant("a", ZoneInfo("UTC")), instant("b", CAYENNE), COLUMNS[8])
    kept = [row for row in rows if isinstance(row[6], dt.datetime) and row[6].year < 9999]
    content = asyncio.run(as_csv(columns, kept))
    for row, read in zip(kept, read_csv(columns, content), strict=True):
        for column, before, after in zip(columns, row, read, strict=True):
            if isinstance(before, dt.datetime):
                assert isinstance(after, dt.datetime)
                assert column.local(after) == column.local(before)
            else:
                assert after == before


async def test_other_programmes_read_the_csvs_numbers_as_numbers() -> None:
    reader = csv.reader(io.StringIO((await as_csv(COLUMNS, ROWS)).removeprefix("\ufeff")), delimiter=";")
    _, first, second, _ = list(reader)
    assert float(first[3].replace(",", ".")) == 1234.56
    assert float(second[3].replace(",", ".")) == -0.05


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (text("Prix secret"), 5),
        (integer("Prix secret"), True),
        (amount("Prix secret"), 12.5),
        (rate("Prix secret"), "95%"),
        (date("Prix secret"), NOON),
        (instant("Prix secret", PARIS), dt.date(2026, 1, 1)),
        (instant("Prix secret", PARIS), NOON.replace(tzinfo=None)),
        (yes_no("Prix secret"), 1),
        (code("Prix secret"), 12345),
    ],
)
@pytest.mark.parametrize("form", list(SpreadsheetFormat))
async def test_a_value_of_another_kind_is_named_by_its_column(
    column: Column, value: object, form: SpreadsheetFormat
) -> None:
    with pytest.raises(TypeError, match="Prix secret"):
        await whole(spreadsheet(form, [column], rows_of([(value,)])))


@pytest.mark.parametrize("form", list(SpreadsheetFormat))
async def test_a_row_of_another_length_is_refused(form: SpreadsheetFormat) -> None:
    with pytest.raises(ValueError, match="argument"):
        await whole(spreadsheet(form, [text("a"), text("b")], rows_of([("x",)])))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "header"),
        ('"b"\r\n', "header"),
        ('"a";"b"\r\n"x"\r\n', "line 2 has 1 cells"),
        ('"a";"b"\r\n"x";1.5\r\n', "line 2, column 'b': not AMOUNT"),
    ],
)
def test_a_csv_that_is_none_of_ours_is_told_by_line_and_column(content: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(read_csv([text("a"), amount("b")], content))


async def test_numbers_of_more_digits_than_programmes_keep_stay_text() -> None:
    columns = [integer("n"), amount("a")]
    row = (10**17 + 1, 10**17 + 1)
    content = await as_xlsx(columns, [row])
    assert read_xlsx(content, "calamine")[1] == ["100000000000000001", "1000000000000000,01"]
    line = (await as_csv(columns, [row])).split("\r\n")[1]
    assert line == '"=""100000000000000001""";"=""1000000000000000,01"""'
    assert next(read_csv(columns, await as_csv(columns, [row]))) == row


async def test_days_before_excels_calendar_stay_readable() -> None:
    content = await as_xlsx([date("d")], [(dt.date(1789, 7, 14),), (dt.date(1900, 3, 1),)])
    first, second = read_xlsx(content, "openpyxl")[1:]
    assert first == ["14/07/1789"]
    assert day(second[0]) == dt.date(1900, 3, 1)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    assert cell_text("x" * 32_767) == "x" * 32_767
    assert cell_text("x" * 32_768).endswith("x […]")
    assert len(cell_text("😀" * 20_000).encode("utf-16-le")) <= 2 * 32_767


async def test_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.spreadsheets.xlsx_file._MOST_ROWS", 3)
    content = await as_xlsx([integer("n")], [(number,) for number in range(7)])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Remboursements", "Remboursements 2", "Remboursements 3"]
    values = [[cell for (cell,) in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    assert values == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]]


@pytest.mark.parametrize(
    ("title", "name"), [("a/b:c", "a-b-c"), ("", "Feuille"), ("x" * 40, "x" * 31), ("'quoted'", "quoted")]
)
def test_a_sheet_has_a_name_that_excel_takes(title: str, name: str) -> None:
    assert sheet_name(title) == name


async def test_an_export_given_up_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def broken() -> AsyncIterator[Row]:
        for number in range(2_000):
            yield (number,)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await whole(xlsx_chunks([integer("n")], broken()))
    assert os.listdir(tmp_path) == []
