"""What time does on its own: bounds of the nightly runs, by the UTC clock wherever the server stands."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.automatic import expires_on, is_expired_by, is_used_by, is_warned_by
from booking.domain.booking import Status
from booking.domain.subcategories import subcategory_of
from booking_support.builders import JUST, utc

BOOK, DVD, VOD = map(subcategory_of, ("LIVRE_PAPIER", "SUPPORT_PHYSIQUE_FILM", "VOD"))
MIDNIGHT = utc(2026, 9, 10)


def test_an_event_is_used_when_it_started_strictly_more_than_two_days_before_the_run() -> None:
    run = utc(2026, 11, 22)
    assert not is_used_by(run, Status.CONFIRMED, run - timedelta(hours=48))
    assert is_used_by(run, Status.CONFIRMED, run - timedelta(hours=48) - JUST)


def test_A02_only_confirmed_bookings_of_events_are_used() -> None:
    run = utc(2026, 11, 22)
    used = [status for status in Status if is_used_by(run, status, utc(2026, 11, 1))]
    assert used == [Status.CONFIRMED]
    assert not is_used_by(run, Status.CONFIRMED, None)


def test_booked_at_midnight_a_book_expires_on_the_tenth_day_and_just_after_on_the_eleventh() -> None:
    assert expires_on(BOOK, MIDNIGHT) == date(2026, 9, 20)
    assert expires_on(BOOK, MIDNIGHT + JUST) == date(2026, 9, 21)


def test_a_run_catches_up_days_that_were_missed_and_leaves_what_was_claimed() -> None:
    assert is_expired_by(date(2026, 12, 1), Status.CONFIRMED, BOOK, MIDNIGHT)
    assert not is_expired_by(date(2026, 12, 1), Status.USED, BOOK, MIDNIGHT)


def test_a_warning_is_sent_on_one_day_only() -> None:
    for kind, day in ((BOOK, date(2026, 9, 15)), (DVD, date(2026, 10, 3))):
        days = [day + timedelta(days=shift) for shift in range(-20, 20)]
        assert [one for one in days if is_warned_by(one, Status.CONFIRMED, kind, MIDNIGHT)] == [day]


@pytest.mark.parametrize("status", [Status.PENDING, Status.USED, Status.CANCELLED, Status.REIMBURSED])
def test_who_has_claimed_or_cancelled_is_not_warned(status: Status) -> None:
    assert not is_warned_by(date(2026, 9, 15), status, BOOK, MIDNIGHT)


def test_nobody_is_warned_of_what_does_not_expire_or_expired_without_warning() -> None:
    assert not is_warned_by(date(2026, 9, 15), Status.CONFIRMED, VOD, MIDNIGHT)
    booked_in_2019 = utc(2019, 3, 1)
    assert expires_on(BOOK, booked_in_2019) == date(2019, 3, 8)
    for day in range(1, 9):
        assert not is_warned_by(date(2019, 3, day), Status.CONFIRMED, BOOK, booked_in_2019)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Martinique", "UTC"])
def test_days_are_those_of_utc_whatever_the_zone_of_the_server(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    late = datetime(2026, 9, 11, 1, 30, tzinfo=ZoneInfo("Europe/Paris"))
    assert late.astimezone(UTC).date() == date(2026, 9, 10)
    with monkeypatch.context() as server:
        server.setenv("TZ", zone)
        time.tzset()
        try:
            assert expires_on(BOOK, late) == date(2026, 9, 21)
            assert expires_on(BOOK, utc(2026, 9, 10)) == date(2026, 9, 20)
            assert is_warned_by(date(2026, 9, 15), Status.CONFIRMED, BOOK, late)
            assert is_warned_by(date(2026, 9, 15), Status.CONFIRMED, BOOK, utc(2026, 9, 10))
        finally:
            server.undo()
            time.tzset()
