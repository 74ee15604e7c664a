"""SIREN and SIRET (domain.md §2.5)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from identity.domain.company_numbers import LA_POSTE, check_siren, check_siret, compact, is_siren, is_siret
from identity.domain.refusals import InvalidSiren, InvalidSiret, SiretOfAnotherStructure

DIGITS = st.text("0123456789", min_size=8, max_size=8)


def test_E73_siren_follows_luhn() -> None:
    assert check_siren("732829320") is None
    assert check_siren("732829321") == InvalidSiren()


def test_E74_siret_follows_luhn() -> None:
    assert check_siret("73282932000074", "732829320") is None
    assert check_siret("73282932000075", "732829320") == InvalidSiret()


def test_a_siret_begins_with_the_siren_of_its_structure() -> None:
    assert check_siret("73282932000074", "552100554") == SiretOfAnotherStructure("552100554")


def test_la_poste_may_use_a_plain_sum_that_is_a_multiple_of_5() -> None:
    assert is_siret("35600000049837")  # sum of the digits: 45, Luhn fails
    assert not is_siret("35600000049838")


def test_la_poste_may_use_luhn_as_well() -> None:
    assert is_siret("35600000000048")  # head office: sum 26, Luhn holds


def test_nobody_else_may_use_the_plain_sum() -> None:
    number = "73282932000102"
    assert sum(map(int, number)) % 5 != 0 or not is_siret(number)
    assert not is_siret("73282932000001")  # sum 37
    assert not is_siret("73282932000004")  # sum 40, a multiple of 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "73282932",
        "7328293200",
        "73282932O",
        "７３２８２９３２０",
        "732829320\n",
        "-32829320",
        "732 829 320",
    ],
)
def test_what_is_not_nine_digits_is_no_siren(text: str) -> None:
    assert check_siren(text) == InvalidSiren()


@pytest.mark.parametrize(
    "text", ["", "7328293200007", "732829320000740", "7328293200007O", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "732 829 320 00074"]
)
def test_what_is_not_fourteen_digits_is_no_siret(text: str) -> None:
    assert check_siret(text, "732829320") == InvalidSiret()


def test_spaces_and_dots_between_groups_are_taken_off() -> None:
    assert compact(" 732 829.320 ") == "732829320"


@pytest.mark.parametrize(
    "text",
    [
        "732\u00a0829\u202f320",
        "SIREN : 732-829-320",
        "n° 732.829.320",
        "７３２８２９３２０",
        "\u200b732829320",
    ],
)
def test_a_siren_is_read_however_it_was_typed(text: str) -> None:
    assert compact(text) == "732829320"
    assert check_siren(compact(text)) is None


def test_a_siren_of_zeros_is_nobodys() -> None:
    assert check_siren(compact("000 000 000")) == InvalidSiren()


def _luhn_digit(digits: str) -> str:
    """Written by hand, apart from the library, as a second opinion."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


@given(DIGITS)
def test_exactly_one_last_digit_makes_a_siren(head: str) -> None:
    valid = [digit for digit in "0123456789" if is_siren(head + digit)]
    assert valid == ([_luhn_digit(head)] if int(head) else [])


@given(DIGITS, st.text("0123456789", min_size=4, max_size=4))
def test_exactly_one_last_digit_makes_a_siret(head: str, office: str) -> None:
    siren = head + _luhn_digit(head)
    assume(siren not in (LA_POSTE, "000000000"))
    assert [digit for digit in "0123456789" if is_siret(siren + office + digit)] == [
        _luhn_digit(siren + office)
    ]


@given(st.text("0123456789", min_size=5, max_size=5))
def test_la_poste_accepts_luhn_or_the_sum(office: str) -> None:
    number = LA_POSTE + office
    luhn = number[-1] == _luhn_digit(number[:-1])
    assert is_siret(number) is (luhn or sum(map(int, number)) % 5 == 0)


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("NC1234567", True),
        ("nc 1 234 567", True),
        ("NC123456", False),
        ("NC12345678", False),
        ("XX1234567", False),
    ],
)
def test_N04_a_structure_of_new_caledonia_has_a_rid7(number: str, is_one: bool) -> None:
    assert is_siren(compact(number)) is is_one


def test_N04_its_venue_has_a_ridet_that_begins_with_it() -> None:
    assert check_siret("NC1234567001XX", "NC1234567") is None
    assert check_siret("NC1234567001XX", "NC7654321") == SiretOfAnotherStructure("NC7654321")
    for number in ("NC1234567001", "NC1234567001X", "NC123456700XX", "1234567001XX"):
        assert check_siret(number, "NC1234567") == InvalidSiret()
