"""Age and birthdays (domain.md §2.2)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.age import age_on, birthday, birthday_midnight, local_day, years_after

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))


def test_somebody_of_29_february_is_18_on_28_february_of_a_common_year() -> None:
    born = date(2008, 2, 29)
    assert birthday(born, 18) == date(2026, 2, 28)
    assert age_on(born, date(2026, 2, 27)) == 17
    assert age_on(born, date(2026, 2, 28)) == 18


def test_somebody_of_29_february_keeps_the_29th_in_a_leap_year() -> None:
    born = date(2008, 2, 29)
    assert birthday(born, 16) == date(2024, 2, 29)
    assert age_on(born, date(2024, 2, 28)) == 15


def test_an_unborn_person_has_a_negative_age() -> None:
    assert age_on(date(2030, 1, 1), date(2029, 12, 31)) == -1


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 6, 14), 17), (date(2026, 6, 15), 18), (date(2027, 6, 14), 18)]
)
def test_the_birthday_itself_counts(day: date, age: int) -> None:
    assert age_on(date(2008, 6, 15), day) == age


def test_two_years_after_29_february_is_28_february() -> None:
    assert years_after(date(2024, 2, 29), 2) == date(2026, 2, 28)


def test_the_day_is_that_of_the_person_not_of_the_server() -> None:
    new_year = datetime(2026, 1, 1, 2, tzinfo=UTC)
    assert local_day(new_year, "America/Martinique") == date(2025, 12, 31)
    assert local_day(new_year, "Indian/Reunion") == date(2026, 1, 1)


def test_a_birthday_begins_at_local_midnight() -> None:
    assert birthday_midnight(date(2008, 7, 1), 18, "Europe/Paris") == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert birthday_midnight(date(2008, 7, 1), 18, "Indian/Reunion") == datetime(2026, 6, 30, 20, tzinfo=UTC)


@given(born=DAYS, age=st.integers(0, 40))
def test_age_is_reached_on_the_birthday_and_not_the_day_before(born: date, age: int) -> None:
    reached = birthday(born, age)
    assert age_on(born, reached) == age
    assert age_on(born, reached - timedelta(days=1)) == age - 1


@given(born=DAYS, day=DAYS)
def test_nobody_grows_younger(born: date, day: date) -> None:
    assert 0 <= age_on(born, day + timedelta(days=1)) - age_on(born, day) <= 1
