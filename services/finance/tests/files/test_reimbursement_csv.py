"""The spreadsheet of a structure, read again."""

import csv
from datetime import UTC, datetime

from finance.files.reimbursement_csv import HEADER, Line, write

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


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(text[1:].splitlines(), delimiter=";"))


def test_each_booking_has_its_line():
    header, line = read(write([LINE]))
    assert header == list(HEADER)
    assert dict(zip(header, line, strict=True)) == {
        "Année": "2026",
        "Virement": "Avril : remboursement 1ère quinzaine",
        "Créditeur": "La Librairie",
        "SIRET créditeur": "85331845900015",
        "Adresse créditeur": "12 rue des Arts 13001 Marseille",
        "IBAN": "FR7630006000011234567890189",
        "Raison sociale du lieu": "La Librairie",
        "Nom de l'offre": "Concert ; d'été",
        "Nom utilisateur": "Dupont",
        "Prénom utilisateur": "Zoé",
        "Contremarque": "ABC234",
        "Date de validation de la réservation": "11/04/2026 00:30",
        "Montant de la réservation": "10,30",
        "Barème": "95%",
        "Montant remboursé": "9,79",
        "Statut du remboursement": "Remboursement envoyé",
    }


def test_amount_rules_show_no_rate():
    assert read(write([LINE._replace(rate_bp=None)]))[1][13] == ""


def test_no_text_becomes_a_formula():
    line = read(write([LINE._replace(offer_name="=HYPERLINK(1)", last_name="@x")]))[1]
    assert line[7:9] == ["'=HYPERLINK(1)", "'@x"]
