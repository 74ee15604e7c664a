"""Postal codes as people type them, and where a credit is granted (domain.md §2.2, §2.3)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.dated import midnight
from chassis.departments import department_of, timezone_of
from identity.domain.refusals import InvalidPostalCode, ResidenceExcluded
from identity.domain.territory import EXCLUDED, OPEN_DEPARTMENTS, check_residence, parse_postal_code

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_E72_noumea_is_excluded_and_saint_denis_of_reunion_lives_in_its_own_zone() -> None:
    assert check_residence("988", "98800", datetime(2021, 6, 1, tzinfo=UTC)) == ResidenceExcluded("988")
    assert check_residence("974", "97400", NOW) is None


@pytest.mark.parametrize("text", ["75011", "2A004", "2B200", "98800"])
def test_a_well_formed_postal_code_is_accepted(text: str) -> None:
    assert parse_postal_code(text) == text


@pytest.mark.parametrize(
    "typed", ["75 011", "F-75011", "７５０１１", "75011\n", "75\u00a0011", "CP 75011", "75.011"]
)
def test_a_postal_code_is_read_however_it_was_typed(typed: str) -> None:
    assert parse_postal_code(typed) == "75011"


@pytest.mark.parametrize("department", ["984", "987"])
def test_two_territories_are_excluded_in_every_edition(department: str) -> None:
    for year in range(2018, 2028):
        now = datetime(year, 6, 1, tzinfo=UTC)
        assert check_residence(department, f"{department}00", now) == ResidenceExcluded(department)


@pytest.mark.parametrize(
    ("postal_code", "is_in"), [("98800", True), ("98860", False), ("98820", False), ("98880", True)]
)
def test_N07_the_south_of_new_caledonia_is_in_the_north_and_the_islands_are_not(
    postal_code: str, is_in: bool
) -> None:
    assert (check_residence("988", postal_code, NOW) is None) is is_in
    before = midnight("Europe/Paris", 2024, 1, 1) - timedelta(microseconds=1)
    assert check_residence("988", postal_code, before) == ResidenceExcluded("988")


def test_N07_twenty_two_postal_codes_of_new_caledonia_are_out() -> None:
    assert len(EXCLUDED.at(NOW).postal_codes) == 22


@pytest.mark.parametrize("department", [None, ""])
def test_an_unknown_department_is_accepted_even_during_the_pilot(department: str | None) -> None:
    assert check_residence(department, None, datetime(2018, 9, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("opening", "department"),
    [(midnight("Europe/Paris", 2019, 6, 1), "35"), (midnight("Europe/Paris", 2021, 5, 21), "75")],
)
def test_a_department_opens_at_midnight_in_paris(opening: datetime, department: str) -> None:
    just_before = opening - timedelta(microseconds=1)
    assert check_residence(department, None, just_before) == ResidenceExcluded(department)
    assert check_residence(department, None, opening) is None


def test_the_five_of_2018_and_the_fourteen_of_2019() -> None:
    assert OPEN_DEPARTMENTS.at(datetime(2018, 9, 1, tzinfo=UTC)) == frozenset({"29", "34", "67", "93", "973"})
    fourteen = OPEN_DEPARTMENTS.at(datetime(2020, 1, 1, tzinfo=UTC))
    assert fourteen is not None
    assert len(fourteen) == 14


@pytest.mark.parametrize("text", ["", "7501", "750111", "ABCDE", "7C001", "\u200b"])
def test_a_malformed_postal_code_is_refused(text: str) -> None:
    assert parse_postal_code(text) == InvalidPostalCode()


@given(st.text(max_size=8))
def test_any_text_is_either_refused_or_has_a_zone_that_exists(text: str) -> None:
    code = parse_postal_code(text)
    if isinstance(code, str):
        assert ZoneInfo(timezone_of(department_of(code)))
    else:
        assert code == InvalidPostalCode()
