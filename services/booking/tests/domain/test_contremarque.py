"""Contremarques: both alphabets are read, the present one is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.contremarque import ALPHABET, FORMATS, could_date_from, qr_payload, read, write
from booking_support.builders import utc


def test_what_is_written_is_of_the_present_alphabet_and_does_not_repeat() -> None:
    codes = {write() for _ in range(2_000)}
    assert len(codes) > 1_990
    assert all(could_date_from(code, utc(2026, 11, 22)) and read(code) == code for code in codes)
    assert {character for code in codes for character in code} == set(ALPHABET)


@pytest.mark.parametrize("number", ["2222E5", "2E5555", "777777", "22E222"])
def test_no_code_is_written_that_a_spreadsheet_takes_for_a_number(
    monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    draws = iter([number, number, "E22222"])
    monkeypatch.setattr("booking.domain.contremarque._draw", lambda: next(draws))
    assert write() == "E22222"
    assert read(number) == number


def test_there_are_729_million_codes_now_and_were_16_million() -> None:
    assert [row.value.count for row in FORMATS.rows] == [16_581_375, 729_000_000]


@given(st.lists(st.integers(1, 255), min_size=3, max_size=3))
def test_every_code_of_2018_is_read(three_bytes: list[int]) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".replace("O", "8").replace("I", "9")
    code = "".join(alphabet[byte >> 3] + alphabet[(byte & 7) << 2] for byte in three_bytes)
    assert read(code) == code
    assert could_date_from(code, utc(2019, 1, 1))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ABC23",
        "ABC23FG",
        "ABC-3F",
        "ABC23É",
        "ABC 3F",
        "abc2\n4",
        "PASSCULTURE:v3;TOKEN:",
        "v3;TOKEN:ABC23F",
    ],
)
def test_what_cannot_be_a_code_is_not_read(typed: str) -> None:
    assert read(typed) is None


def test_blanks_and_case_do_not_matter() -> None:
    assert read("  abc23f ") == "ABC23F"


@pytest.mark.parametrize(
    "typed",
    [
        "PASSCULTURE:v3;TOKEN:ABC23F",
        "passculture:v3;token:abc23f\r\n",
        "PASSCULTURE:v2;TOKEN:ABC23F",
        "ABC 23F",
        "ab-c2-3f",
        "ABC‑23F",
        "A B C 2 3 F",
        "\u00a0ABC\u202f23F",
        "ＡＢＣ２３Ｆ",
        "ABC\u200b23F",
        "Code : ABC23F",
    ],
)
def test_a_scan_and_any_spelling_are_read_as_the_code(typed: str) -> None:
    assert read(typed) == "ABC23F"


@given(st.integers(0, len(ALPHABET) ** 6 - 1))
def test_the_platforms_own_qr_code_is_read(number: int) -> None:
    code = "".join(ALPHABET[number // len(ALPHABET) ** position % len(ALPHABET)] for position in range(6))
    assert read(qr_payload(code)) == read(qr_payload(code).lower()) == code


@given(st.text())
def test_whatever_is_read_is_stable(typed: str) -> None:
    code = read(typed)
    assert code is None or read(code) == code


def test_qr_payload() -> None:
    assert qr_payload("ABC23F") == "PASSCULTURE:v3;TOKEN:ABC23F"
