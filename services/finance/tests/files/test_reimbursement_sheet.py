"""The spreadsheet of a structure, read again."""

import io
from datetime import UTC, datetime

import openpyxl

from chassis.spreadsheets import SpreadsheetFormat, read_csv, spreadsheet
from finance.files.reimbursement_sheet import COLUMNS, Line, rows

LINE = Line(
    transfer_label="pass Culture Pro - remboursement 1ère quinzaine 04-2026",
    venue_name="La Librairie",
    venue_siret="85331845900015",
    venue_address="12 rue des Arts 13001 Marseille",
    iban="FR7630006000011234567890189",
    offer_name="Concert ; d'été",
    last_name="Dupont",
    first_name="Zoé",
    contremarque="ABC234",
    used_at=datetime(2026, 4, 10, 22, 30, tzinfo=UTC),
    booked_cents=10_30,
    rate_bp=9_500,
    reimbursed_cents=9_79,
)


async def one_by_one(lines):
    for line in lines:
        yield line


async def write(form, *lines):
    return b"".join([piece async for piece in spreadsheet(form, COLUMNS, rows(one_by_one(lines)))])


async def read(*lines):
    return list(read_csv(COLUMNS, (await write(SpreadsheetFormat.CSV, *lines)).decode()))


async def test_the_columns_are_those_of_the_specification():
    assert [column.title for column in COLUMNS] == [
        *("Année", "Virement", "Créditeur", "SIRET créditeur", "Adresse créditeur", "IBAN"),
        *(
            "Raison sociale du lieu",
            "Nom de l'offre",
            "Nom utilisateur",
            "Prénom utilisateur",
            "Contremarque",
        ),
        *("Date de validation de la réservation", "Montant de la réservation", "Barème", "Montant remboursé"),
        "Statut du remboursement",
    ]


async def test_each_booking_has_its_line():
    text = (await write(SpreadsheetFormat.CSV, LINE)).decode()
    assert text.startswith("\ufeff")
    _, line, end = text.split("\r\n")
    assert end == ""
    assert line == (
        '"=""2026""";"Avril : remboursement 1ère quinzaine";"La Librairie";"=""85331845900015""";'
        '"12 rue des Arts 13001 Marseille";"=""FR7630006000011234567890189""";"La Librairie";"Concert ; d\'été";'
        '"Dupont";"Zoé";"=""ABC234""";11/04/2026 00:30;10,30;95%;9,79;"Remboursement envoyé"'
    )


async def test_a_line_is_read_back_as_it_was_written():
    (line,) = await read(LINE)
    assert line[3:5] == (LINE.venue_siret, LINE.venue_address)
    assert line[7:] == (
        *(LINE.offer_name, LINE.last_name, LINE.first_name, LINE.contremarque, LINE.used_at),
        *(LINE.booked_cents, LINE.rate_bp, LINE.reimbursed_cents, "Remboursement envoyé"),
    )


async def test_the_workbook_says_the_same_in_types():
    book = openpyxl.load_workbook(io.BytesIO(await write(SpreadsheetFormat.XLSX, LINE)))
    header, line = book.active.iter_rows(values_only=True)
    assert header == tuple(column.title for column in COLUMNS)
    assert line[:1] + line[3:4] + line[10:] == (
        *("2026", "85331845900015", "ABC234", datetime(2026, 4, 11, 0, 30), 10.3, 0.95, 9.79),  # noqa: DTZ001
        "Remboursement envoyé",
    )


async def test_amount_rules_show_no_rate():
    assert (await read(LINE._replace(rate_bp=None)))[0][13] is None


async def test_no_text_becomes_a_formula():
    text = (
        await write(SpreadsheetFormat.CSV, LINE._replace(offer_name="=HYPERLINK(1)", last_name="@x"))
    ).decode()
    assert '"\'=HYPERLINK(1)";"\'@x"' in text
