"""Eligibility windows and what a file gives (domain.md §2.2, §2.4, §7.3)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.dated import midnight
from chassis.departments import TIMEZONES
from identity.domain.age import age_on, birthday_midnight, local_day
from identity.domain.eligibility import Entitlement, entitlement, offered_at, window
from identity.domain.grants import REFORM, GrantFamily, GrantKind
from identity.domain.refusals import NotEligibleAge

PARIS = "Europe/Paris"
INSTANT = timedelta(microseconds=1)


def at_birthday(born: date, age: int) -> datetime:
    return birthday_midnight(born, age, PARIS)


def test_E68_eligible_at_18_years_364_days_not_on_the_19th_birthday() -> None:
    born = date(2003, 6, 15)
    start, end = window(born, GrantFamily.AGE_18, PARIS)
    assert (start, end) == (midnight(PARIS, 2021, 6, 15), midnight(PARIS, 2022, 6, 15))
    assert (
        offered_at(born, start - INSTANT, PARIS) is None
        or age_on(born, local_day(start - INSTANT, PARIS)) == 17
    )
    for moment in (start, end - INSTANT):
        assert isinstance(entitlement(born, moment, moment, PARIS), Entitlement)
    assert entitlement(born, end, end, PARIS) == NotEligibleAge(19)


def test_before_2022_nobody_under_18_is_eligible() -> None:
    born = date(2004, 6, 15)
    moment = midnight(PARIS, 2022, 1, 1)
    assert entitlement(born, moment - INSTANT, moment - INSTANT, PARIS) == NotEligibleAge(17)
    assert entitlement(born, moment, moment, PARIS) == Entitlement(GrantKind.GRANT_15_17, ((17, 3000),))


def test_the_window_of_15_to_17_is_open_from_15_until_18() -> None:
    assert window(date(2008, 2, 29), GrantFamily.AGE_15_17, PARIS) == (
        midnight(PARIS, 2023, 2, 28),
        midnight(PARIS, 2026, 2, 28),
    )


def test_a_window_opens_at_midnight_where_the_person_lives() -> None:
    born = date(2008, 6, 15)
    paris_start, _ = window(born, GrantFamily.AGE_17_18, PARIS)
    reunion_start, _ = window(born, GrantFamily.AGE_17_18, "Indian/Reunion")
    assert paris_start - reunion_start == timedelta(hours=2)


def test_before_2022_a_file_opened_at_18_and_finished_at_19_comes_too_late() -> None:
    born = date(2002, 6, 15)
    opened, done = datetime(2021, 6, 1, tzinfo=UTC), datetime(2021, 7, 1, tzinfo=UTC)
    assert entitlement(born, opened, done, PARIS) == NotEligibleAge(19)


def test_the_first_step_counts_from_the_first_instant_of_2022() -> None:
    born = date(2002, 12, 15)
    opened, launch = datetime(2021, 12, 1, tzinfo=UTC), midnight(PARIS, 2022, 1, 1)
    assert entitlement(born, opened, launch - INSTANT, PARIS) == NotEligibleAge(19)
    assert entitlement(born, opened, launch, PARIS) == Entitlement(GrantKind.GRANT_18_V2, ((18, 30000),))


def test_a_file_opened_before_its_age_was_eligible_follows_the_rules_of_the_day_it_is_finished() -> None:
    born = date(2005, 6, 15)
    opened, done = datetime(2021, 12, 1, tzinfo=UTC), datetime(2022, 2, 1, tzinfo=UTC)
    assert entitlement(born, opened, done, PARIS) == Entitlement(GrantKind.GRANT_15_17, ((16, 3000),))


def test_since_2022_a_file_opened_at_18_is_granted_until_the_21st_birthday() -> None:
    born = date(2004, 6, 15)
    opened = datetime(2023, 6, 1, tzinfo=UTC)
    end = at_birthday(born, 21)
    assert entitlement(born, opened, end - INSTANT, PARIS) == Entitlement(
        GrantKind.GRANT_18_V2, ((18, 30000),)
    )
    assert entitlement(born, opened, end, PARIS) == NotEligibleAge(21)


def test_a_file_opened_at_18_before_the_reform_keeps_its_300_euros() -> None:
    born = date(2006, 6, 15)
    assert entitlement(born, REFORM - INSTANT, REFORM, PARIS) == Entitlement(
        GrantKind.GRANT_18_V2, ((18, 30000),)
    )
    assert entitlement(born, REFORM, REFORM, PARIS) == Entitlement(GrantKind.GRANT_17_18, ((18, 15000),))


def test_a_file_opened_at_17_before_the_reform_follows_the_new_rules() -> None:
    born = date(2007, 6, 15)
    assert entitlement(born, REFORM - INSTANT, REFORM, PARIS) == Entitlement(
        GrantKind.GRANT_17_18, ((17, 5000),)
    )
    at_18 = at_birthday(born, 18)
    assert entitlement(born, REFORM - INSTANT, at_18, PARIS) == Entitlement(
        GrantKind.GRANT_17_18, ((18, 15000),)
    )


def test_a_file_opened_at_16_before_the_reform_is_paid_as_promised() -> None:
    born = date(2008, 9, 15)
    assert entitlement(born, REFORM - INSTANT, REFORM, PARIS) == Entitlement(
        GrantKind.GRANT_15_17, ((16, 3000),)
    )
    assert entitlement(born, REFORM, REFORM, PARIS) == Entitlement(GrantKind.GRANT_FREE, ((16, 0),))


def test_G09_opened_at_15_before_the_reform_complete_at_17_since_is_paid_for_15_and_for_17() -> None:
    born, done = date(2008, 2, 1), datetime(2025, 3, 3, tzinfo=UTC)
    due = entitlement(born, datetime(2024, 1, 3, tzinfo=UTC), done, PARIS)
    assert due == Entitlement(GrantKind.GRANT_17_18, ((15, 2000), (17, 5000)))
    assert isinstance(due, Entitlement)
    assert due.amount_cents == 7000


def test_G10_opened_at_15_before_the_reform_complete_at_16_since_is_paid_for_15_alone() -> None:
    born, opened, done = date(2008, 12, 5), datetime(2024, 3, 3, tzinfo=UTC), datetime(2025, 3, 3, tzinfo=UTC)
    assert entitlement(born, opened, done, PARIS) == Entitlement(GrantKind.GRANT_15_17, ((15, 2000),))
    just_before = REFORM - INSTANT
    assert entitlement(born, opened, just_before, PARIS) == Entitlement(
        GrantKind.GRANT_15_17, ((15, 2000), (16, 3000))
    )


def test_birthdays_passed_while_the_file_is_open_are_paid() -> None:
    born = date(2007, 6, 15)
    opened = at_birthday(born, 15)
    due = entitlement(born, opened, at_birthday(born, 17), PARIS)
    assert due == Entitlement(GrantKind.GRANT_15_17, ((15, 2000), (16, 3000), (17, 3000)))
    assert isinstance(due, Entitlement)
    assert due.amount_cents == 8000


def test_a_file_opened_at_17_and_finished_at_18_or_19_gives_both_parts() -> None:
    born = date(2008, 6, 15)
    opened = at_birthday(born, 18) - INSTANT
    for age in (18, 19, 20):
        assert entitlement(born, opened, at_birthday(born, age), PARIS) == Entitlement(
            GrantKind.GRANT_17_18, ((17, 5000), (18, 15000))
        )


def test_a_file_opened_for_free_offers_only_gives_nothing_at_19() -> None:
    born = date(2009, 6, 15)
    assert entitlement(born, at_birthday(born, 16), at_birthday(born, 19), PARIS) == NotEligibleAge(19)


@pytest.mark.parametrize("age", [14, 19, 20, 21])
def test_no_other_age_is_eligible_today(age: int) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert entitlement(date(2026 - age, 1, 1), now, now, PARIS) == NotEligibleAge(age)


BIRTHS = st.dates(date(2000, 1, 1), date(2013, 1, 1))
INSTANTS = st.datetimes(datetime(2018, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from([PARIS, *TIMEZONES.values()])


@given(BIRTHS, INSTANTS, ZONES)
def test_a_file_opened_and_finished_at_once_is_granted_exactly_inside_its_window(
    born: date, now: datetime, zone: str
) -> None:
    due = entitlement(born, now, now, zone)
    offered = offered_at(born, now, zone)
    if isinstance(due, Entitlement):
        start, end = window(born, due.family, zone)
        assert start <= now < end
        assert offered is not None
        assert (due.kind, due.amount_cents) == (offered.kind, offered.amount_cents)
    else:
        assert offered is None


@given(BIRTHS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=1500)), ZONES)
def test_waiting_never_gives_more_than_the_whole_of_one_regime(
    born: date, opened: datetime, wait: timedelta, zone: str
) -> None:
    due = entitlement(born, opened, opened + wait, zone)
    assume(isinstance(due, Entitlement))
    assert isinstance(due, Entitlement)
    ceiling = {
        GrantFamily.AGE_18: 50000,
        GrantFamily.AGE_15_17: 8000,
        GrantFamily.AGE_17_18: 20000,
        GrantFamily.FREE: 0,
    }
    assert 0 <= due.amount_cents <= ceiling[due.family]
    assert len({age for age, _ in due.by_age}) == len(due.by_age) >= 1
