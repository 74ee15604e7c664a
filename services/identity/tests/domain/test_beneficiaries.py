"""Duplicates, document numbers, activities (domain.md §2.2)."""

from datetime import date

import pytest

from identity.domain.beneficiaries import (
    Activity,
    likeness,
    parse_activity,
    parse_document_number,
)
from identity.domain.refusals import InvalidDocumentNumber, UnknownActivity

BORN = date(2008, 5, 4)


@pytest.mark.parametrize("last_name", ["LE GALL", "le-gall", "Le Gâll", "Legall", "Le‑Gall"])
def test_accents_dashes_spaces_and_case_do_not_make_another_person(last_name: str) -> None:
    assert likeness("Anne-Élise", last_name, BORN) == likeness("anne elise", "Le Gall", BORN)


def test_another_birth_date_or_order_of_names_makes_another_person() -> None:
    assert likeness("Anne", "Martin", BORN) != likeness("Anne", "Martin", date(2008, 5, 5))
    assert likeness("Anne", "Martin", BORN) != likeness("Martin", "Anne", BORN)


@pytest.mark.parametrize(
    ("one_file", "another_file"),
    [
        (("Lætitia", "Bœuf"), ("Laetitia", "Boeuf")),
        (("Søren", "Ødegård"), ("SOREN", "Odegard")),
        (("Łukasz", "Wałęsa"), ("Lukasz", "Walesa")),
        (("Đan", "Strauß"), ("Dan", "STRAUSS")),
        (("Aminata", "N’Diaye"), ("Aminata", "NʼDIAYE")),
        (("Aminata", "N`Diaye"), ("Aminata", "Ndiaye")),
        (("J.-Pierre", "Le−Gall"), ("J Pierre", "Le\u00a0Gall")),
        (("Zoé\u200b", "Mar\u00adtin"), ("Zoe\u0301", "MARTIN")),
        (("Ｌéa", "Ｍartin"), ("Léa", "Martin")),
    ],
)
def test_one_person_has_one_credit_however_the_names_are_spelt(
    one_file: tuple[str, str], another_file: tuple[str, str]
) -> None:
    assert likeness(*one_file, BORN) == likeness(*another_file, BORN)


def test_names_that_differ_by_a_letter_are_of_two_people() -> None:
    assert likeness("Léa", "Martin", BORN) != likeness("Léo", "Martin", BORN)
    assert likeness("Léa", "Martin", BORN) != likeness("Léa", "Martine", BORN)
    assert likeness("王", "芳", BORN) != likeness("李", "娜", BORN)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("12ab34cd", "12AB34CD"),
        ("123456789012", "123456789012"),
        ("12 34 56 78 90", "1234567890"),
        ("\u200b１２ab34cd\u00a0", "12AB34CD"),
    ],
)
def test_a_document_number_is_kept_without_spaces(text: str, kept: str) -> None:
    assert parse_document_number(text) == kept


@pytest.mark.parametrize("text", ["", "1234567", "1234567890123", "12-34-5678", "1234 56789", "éàéàéàéà"])
def test_a_malformed_document_number_is_refused(text: str) -> None:
    assert parse_document_number(text) == InvalidDocumentNumber()


def test_activities_are_read_without_accents_or_case() -> None:
    assert parse_activity("lyceen") is Activity.LYCEEN
    assert parse_activity("Étudiant") is Activity.ETUDIANT
    assert parse_activity("pirate") == UnknownActivity()
    assert len(Activity) == 9
