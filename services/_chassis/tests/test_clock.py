"""Instants are aware, in UTC, and written in one way."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import FixedClock, SystemClock, iso, parse_instant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-22T10:00:00", "no UTC offset"),
        ("2026-11-22", "no UTC offset"),
        ("", "isoformat"),
        ("hier", "isoformat"),
        ("0001-01-01T00:00:00+05:00", "out of the calendar"),
        ("2026-02-30T00:00:00Z", "day"),
    ],
)
def test_what_is_not_an_instant_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_instant(text)


def test_a_naive_datetime_is_never_written() -> None:
    with pytest.raises(ValueError, match="naive"):
        iso(datetime(2026, 11, 22))  # noqa: DTZ001


def test_instants_are_written_in_utc_with_z() -> None:
    paris = timezone(timedelta(hours=1))
    assert iso(datetime(2026, 11, 22, 11, 0, tzinfo=paris)) == "2026-11-22T10:00:00Z"
    assert iso(None) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read_again(instant: datetime) -> None:
    assert parse_instant(str(iso(instant))) == instant


def test_a_fixed_clock_stands_still_and_the_system_clock_is_aware() -> None:
    assert FixedClock(datetime(2019, 2, 1, tzinfo=UTC)).now() == datetime(2019, 2, 1, tzinfo=UTC)
    assert SystemClock().now().utcoffset() == timedelta(0)
