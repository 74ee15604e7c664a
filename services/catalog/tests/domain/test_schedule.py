from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.price import PriceCategory
from catalog.domain.refusals.stock import InvalidRecurrence
from catalog.domain.schedule import (
    Frequency,
    MonthlyBy,
    Recurrence,
    Slot,
    check_recurrence,
    days_of,
    expand,
    instant_of,
)
from chassis.departments import TIMEZONES

NOW = datetime(2026, 10, 1, tzinfo=UTC)
PARIS = "Europe/Paris"
EVENING = Slot(time(20), 100)
FULL, REDUCED = PriceCategory("Plein", 20_00), PriceCategory("Réduit", 10_00)
WEEK = Recurrence(Frequency.DAILY, date(2026, 10, 23), date(2026, 10, 29), (EVENING,))


def days(recurrence):
    return [f"{day:%m-%d}" for day in days_of(recurrence)]


def test_one_stock_per_date_slot_and_tariff():
    matinee = Slot(time(15), 50)
    stocks = expand(replace(WEEK, slots=(EVENING, matinee)), (FULL, REDUCED), PARIS)
    assert len(stocks) == 7 * 2 * 2
    first = stocks[:4]
    assert [(stock.price_label, stock.price_cents, stock.quantity) for stock in first] == [
        ("Plein", 20_00, 50),
        ("Réduit", 10_00, 50),
        ("Plein", 20_00, 100),
        ("Réduit", 10_00, 100),
    ]


def test_the_show_stays_at_eight_when_the_clocks_change():
    starts = [stock.starts_at for stock in expand(WEEK, (FULL,), PARIS)]
    assert starts[1] == datetime(2026, 10, 24, 18, tzinfo=UTC)
    assert starts[2] == datetime(2026, 10, 25, 19, tzinfo=UTC)
    assert {start.astimezone(ZoneInfo(PARIS)).hour for start in starts} == {20}


def test_hours_that_a_night_skips_or_repeats():
    assert instant_of(date(2026, 3, 29), time(2, 30), PARIS) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant_of(date(2026, 10, 25), time(2, 30), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    repeated = time(2, 30, fold=1)
    assert instant_of(date(2026, 10, 25), repeated, PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_limit_is_the_same_wall_clock_time_some_days_before():
    around = replace(WEEK, first_day=date(2026, 10, 26), last_day=date(2026, 10, 26), limit_days_before=3)
    (stock,) = expand(around, (FULL,), PARIS)
    assert stock.starts_at == datetime(2026, 10, 26, 19, tzinfo=UTC)
    assert stock.booking_limit_at == datetime(2026, 10, 23, 18, tzinfo=UTC)


def test_without_days_before_the_limit_is_the_start():
    stocks = expand(WEEK, (FULL,), PARIS)
    assert stocks
    assert all(stock.booking_limit_at == stock.starts_at for stock in stocks)


def test_once_is_the_first_day():
    assert days(replace(WEEK, frequency=Frequency.ONCE)) == ["10-23"]


def test_weekly_takes_the_chosen_days_both_ends_included():
    fridays_and_thursdays = replace(WEEK, frequency=Frequency.WEEKLY, weekdays=frozenset({3, 4}))
    assert days(fridays_and_thursdays) == ["10-23", "10-29"]
    assert days(replace(WEEK, frequency=Frequency.WEEKLY)) == []


def test_monthly_by_number_leaves_out_months_that_are_too_short():
    monthly = Recurrence(Frequency.MONTHLY, date(2026, 10, 31), date(2027, 3, 31), (EVENING,))
    assert days(monthly) == ["10-31", "12-31", "01-31", "03-31"]


def test_monthly_by_rank():
    fifth_friday = Recurrence(
        Frequency.MONTHLY, date(2026, 10, 30), date(2027, 2, 28), (EVENING,), monthly_by=MonthlyBy.NTH_WEEKDAY
    )
    assert days(fifth_friday) == ["10-30", "01-29"]
    second_friday = replace(fifth_friday, first_day=date(2026, 10, 9))
    assert days(second_friday) == ["10-09", "11-13", "12-11", "01-08", "02-12"]


def test_the_7th_is_still_the_first_of_its_weekday_and_the_8th_the_second():
    first_wednesday = Recurrence(
        Frequency.MONTHLY, date(2026, 10, 7), date(2026, 12, 31), (EVENING,), monthly_by=MonthlyBy.NTH_WEEKDAY
    )
    assert days(first_wednesday) == ["10-07", "11-04", "12-02"]
    assert days(replace(first_wednesday, first_day=date(2026, 10, 8))) == ["10-08", "11-12", "12-10"]


def test_monthly_by_last_weekday():
    last_friday = Recurrence(
        Frequency.MONTHLY,
        date(2026, 10, 30),
        date(2027, 2, 25),
        (EVENING,),
        monthly_by=MonthlyBy.LAST_WEEKDAY,
    )
    assert days(last_friday) == ["10-30", "11-27", "12-25", "01-29"]


@pytest.mark.parametrize(
    ("change", "tariffs", "reason"),
    [
        ({"last_day": date(2026, 10, 22)}, 1, "le dernier jour précède le premier"),
        ({"slots": ()}, 1, "il manque un horaire ou un tarif"),
        ({}, 0, "il manque un horaire ou un tarif"),
        ({"slots": (EVENING, Slot(time(20), 1))}, 1, "un horaire est donné deux fois"),
        ({"limit_days_before": -1}, 1, "la date limite de réservation suivrait l'événement"),
        ({"frequency": Frequency.WEEKLY}, 1, "aucun jour ne convient"),
        ({"last_day": date(2036, 1, 1)}, 1, "elle donne plus de 2500 stocks"),
    ],
)
def test_recurrences_that_make_no_sense(change, tariffs, reason):
    assert check_recurrence(replace(WEEK, **change), tariffs, NOW) == InvalidRecurrence(reason)


def test_a_recurrence_may_last_one_day():
    assert check_recurrence(replace(WEEK, last_day=WEEK.first_day), 1, NOW) is None


def test_recurrences_up_to_the_limit_of_an_offer():
    assert check_recurrence(WEEK, 1, NOW) is None
    days_2500 = replace(WEEK, last_day=WEEK.first_day + timedelta(days=2_499))
    assert check_recurrence(days_2500, 1, NOW) is None
    assert check_recurrence(days_2500, 2, NOW) == InvalidRecurrence("elle donne plus de 2500 stocks")
    before_limits = datetime(2021, 6, 1, tzinfo=UTC)
    assert check_recurrence(days_2500, 2, before_limits) is None


@given(
    st.dates(date(2018, 1, 1), date(2030, 1, 1)),
    st.integers(0, 40),
    st.times(),
    st.integers(0, 5),
    st.sampled_from([PARIS, *TIMEZONES.values()]),
)
def test_expanded_starts_grow_and_limits_never_follow_them(first, length, at, before, zone):
    recurrence = Recurrence(
        Frequency.DAILY,
        first,
        first + timedelta(days=length),
        (Slot(at, 1),),
        limit_days_before=before,
    )
    stocks = expand(recurrence, (FULL,), zone)
    starts = [stock.starts_at for stock in stocks]
    assert starts == sorted(set(starts))
    assert len(starts) == length + 1
    assert all(stock.booking_limit_at <= stock.starts_at for stock in stocks)
    assert all(stock.starts_at.tzinfo is UTC for stock in stocks)
