import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.domain.calendar import (
    Fortnight,
    civil_year_paris,
    civil_year_utc,
    invoiced_fortnight,
    target_day,
    transfer_label,
    transfer_title,
)
from finance.domain.refusals import NotAFortnightEnd

PARIS = ZoneInfo("Europe/Paris")
days = st.dates(date(2018, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("last_day", "first_day"),
    [
        (date(2024, 2, 15), date(2024, 2, 1)),
        (date(2024, 2, 29), date(2024, 2, 16)),
        (date(2023, 2, 28), date(2023, 2, 16)),
        (date(2026, 11, 30), date(2026, 11, 16)),
        (date(2026, 12, 31), date(2026, 12, 16)),
    ],
)
def test_a_fortnight_ends_on_the_15th_or_on_the_last_day(last_day, first_day):
    fortnight = Fortnight.ending_on(last_day)
    assert isinstance(fortnight, Fortnight)
    assert (fortnight.first_day, fortnight.last_day) == (first_day, last_day)


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        (date(2024, 2, 28), date(2024, 2, 29)),
        (date(2026, 11, 14), date(2026, 11, 15)),
        (date(2026, 11, 16), date(2026, 11, 30)),
    ],
)
def test_any_other_day_is_refused_with_the_right_one(last_day, expected):
    refusal = Fortnight.ending_on(last_day)
    assert refusal == NotAFortnightEnd(last_day, expected)
    assert f"{expected:%d/%m/%Y}" in refusal.message


@pytest.mark.parametrize(
    ("fortnight", "start", "cutoff"),
    [
        # clocks go forward on 2026-03-29 and back on 2026-10-25, inside these fortnights
        (Fortnight(2026, 3, 2), datetime(2026, 3, 15, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)),
        (
            Fortnight(2026, 10, 2),
            datetime(2026, 10, 15, 22, tzinfo=UTC),
            datetime(2026, 10, 31, 23, tzinfo=UTC),
        ),
        # and on 2024-03-31, the very last day of one
        (Fortnight(2024, 3, 2), datetime(2024, 3, 15, 23, tzinfo=UTC), datetime(2024, 3, 31, 22, tzinfo=UTC)),
    ],
)
def test_fortnights_across_clock_changes_are_cut_at_midnight_in_paris(fortnight, start, cutoff):
    assert (fortnight.start, fortnight.cutoff) == (start, cutoff)


@given(days)
def test_fortnights_tile_the_calendar(day):
    fortnight = Fortnight.containing(day)
    assert fortnight.first_day <= day <= fortnight.last_day
    assert Fortnight.ending_on(fortnight.last_day) == fortnight
    previous = fortnight.previous()
    assert previous.last_day + timedelta(days=1) == fortnight.first_day
    assert previous.cutoff == fortnight.start
    assert fortnight.cutoff.astimezone(PARIS).hour == 0


def test_the_civil_year_in_paris_begins_an_hour_before_utcs():
    instant = datetime(2021, 12, 31, 23, 0, tzinfo=UTC)
    assert (civil_year_paris(instant), civil_year_utc(instant)) == (2022, 2021)
    assert civil_year_paris(instant - timedelta(microseconds=1)) == 2021
    assert civil_year_utc(datetime(2022, 1, 1, 0, 30, tzinfo=PARIS)) == 2021


def test_the_zone_of_the_machine_changes_nothing(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert civil_year_utc(datetime(2021, 12, 31, 23, tzinfo=UTC)) == 2021
        assert Fortnight(2026, 11, 1).cutoff.tzinfo is UTC
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("created_on", "fortnight"),
    [
        (date(2026, 1, 15), Fortnight(2025, 12, 2)),
        (date(2026, 1, 16), Fortnight(2026, 1, 1)),
        (date(2026, 3, 1), Fortnight(2026, 2, 2)),
    ],
)
def test_an_invoice_shows_the_fortnight_before(created_on, fortnight):
    assert invoiced_fortnight(created_on) == fortnight


def test_since_2022_the_label_names_the_fortnight_that_is_paid():
    run_at = datetime(2026, 11, 16, 8, tzinfo=UTC)
    first, second = Fortnight(2026, 11, 1), Fortnight(2026, 10, 2)
    assert transfer_label(run_at, first) == "pass Culture Pro - remboursement 1ère quinzaine 11-2026"
    assert transfer_label(run_at, second) == "pass Culture Pro - remboursement 2nde quinzaine 10-2026"


def test_the_day_of_a_run_is_a_day_in_paris():
    just_the_15th_in_paris = datetime(2021, 11, 14, 23, 30, tzinfo=UTC)
    assert "2nde quinzaine 11-2021" in transfer_label(just_the_15th_in_paris, Fortnight(2021, 10, 2))


@pytest.mark.parametrize(
    ("label", "title"),
    [
        (
            "pass Culture Pro - remboursement 1ère quinzaine 04-2021",
            "Avril : remboursement 1ère quinzaine",
        ),
        (
            "pass Culture Pro - remboursement 2nde quinzaine 12-2026",
            "Décembre : remboursement 2nde quinzaine",
        ),
        (
            "pass Culture Pro - remboursement 2nde quinzaine 08-2026",
            "Août : remboursement 2nde quinzaine",
        ),
    ],
)
def test_the_title_of_a_transfer_in_exports(label, title):
    assert transfer_title(label) == title


@pytest.mark.parametrize(
    ("day", "executed"),
    [
        (date(2026, 12, 25), date(2026, 12, 28)),  # Christmas, 26 December, a week-end
        (date(2027, 1, 1), date(2027, 1, 4)),  # New Year's Day, a week-end
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 5, 1), date(2026, 5, 4)),  # Labour Day
        (date(2026, 7, 14), date(2026, 7, 14)),  # a French holiday on which TARGET settles
        (date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_a_transfer_is_executed_on_a_day_when_TARGET_settles(day, executed):
    assert target_day(day) == executed


@given(st.dates(date(2018, 1, 1), date(2050, 1, 1)))
def test_the_day_of_execution_is_at_most_five_days_later(day):
    executed = target_day(day)
    assert timedelta() <= executed - day <= timedelta(days=5)
    assert executed.weekday() < 5
    assert target_day(executed) == executed
