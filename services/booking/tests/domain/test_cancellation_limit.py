"""Properties of the limit: monotonic in the booking date within an edition, across summer time too."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.cancellation import EVENT_LIMITS, cancellation_limit
from booking.domain.subcategories import subcategory_of
from booking_support.builders import JUST, utc

CONCERT = subcategory_of("CONCERT")
instants = st.datetimes(utc(2020, 11, 20).replace(tzinfo=None), utc(2026, 12, 31).replace(tzinfo=None)).map(
    lambda naive: naive.replace(tzinfo=utc(2020, 1, 1).tzinfo)
)
delays = st.timedeltas(timedelta(0), timedelta(days=400))


@given(instants, delays, delays)
def test_booking_later_never_gives_an_earlier_limit(booked, later: timedelta, until_start: timedelta) -> None:
    starts_at = booked + later + until_start
    first = cancellation_limit(CONCERT, starts_at, booked)
    second = cancellation_limit(CONCERT, starts_at, booked + later)
    assert first is not None
    assert second is not None
    assert first <= second
    assert booked <= first <= booked + timedelta(hours=48)
    assert second <= max(booked + later, starts_at - timedelta(hours=48))


@pytest.mark.parametrize("position", range(len(EVENT_LIMITS.rows)))
def test_monotonic_in_every_edition(position: int) -> None:
    start, end, _ = list(EVENT_LIMITS.periods())[position]
    last = (end or utc(2026, 12, 31)) - JUST
    first = max(start, last - timedelta(days=20))
    starts_at = last + timedelta(days=5)
    limits = [
        cancellation_limit(CONCERT, starts_at, first + (last - first) * step / 40) or last
        for step in range(41)
    ]
    assert limits == sorted(limits)


def test_hours_are_real_hours_across_the_change_of_time() -> None:
    booked = utc(2026, 10, 24, 10)
    assert cancellation_limit(CONCERT, utc(2026, 11, 20, 20), booked) == utc(2026, 10, 26, 10)


def test_things_without_a_deadline() -> None:
    assert cancellation_limit(subcategory_of("VOD"), None, utc(2026, 1, 1)) is None
