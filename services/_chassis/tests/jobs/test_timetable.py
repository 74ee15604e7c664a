"""What is due when, by the clock on the wall of Paris, on the nights when it is moved too."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebook.nights import COUNT

from chassis.jobs import Row

SPRING = datetime(2026, 3, 29, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)


def row(cron: str) -> Row:
    return Row("row", cron, COUNT)


def due_between(cron: str, begin: datetime, end: datetime) -> list[str]:
    """All instants in (begin, end], found from the newest back."""
    instants = []
    at = row(cron).last_due(end)
    while at > begin:
        instants.append(at)
        at = row(cron).last_due(at - timedelta(minutes=1))
    return [f"{instant:%d %H:%M}" for instant in reversed(instants)]


def test_a_row_is_due_at_its_very_minute_and_not_before() -> None:
    noon = row("0 12 * * *")
    assert noon.last_due(datetime(2026, 6, 1, 10, 0, tzinfo=UTC)) == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert noon.last_due(datetime(2026, 6, 1, 9, 59, 59, tzinfo=UTC)) == datetime(2026, 5, 31, 10, tzinfo=UTC)
    assert noon.next_due(datetime(2026, 6, 1, 10, 0, tzinfo=UTC)) == datetime(2026, 6, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "spring", "autumn"),
    [
        # Left out by spring: at the end of the gap. Twice in autumn: the first time.
        ("30 2 * * *", ["29 01:00"], ["25 00:30"]),
        ("0 2 * * *", ["29 01:00"], ["25 00:00"]),
        ("0 3 * * *", ["29 01:00"], ["25 02:00"]),
        ("30 1 * * *", ["29 00:30"], ["24 23:30"]),
    ],
)
def test_what_is_due_once_a_day_is_due_once_on_the_nights_of_23_and_25_hours(
    cron: str, spring: list[str], autumn: list[str]
) -> None:
    half_a_day = timedelta(hours=12)
    assert due_between(cron, SPRING - timedelta(hours=1), SPRING + half_a_day) == spring
    assert due_between(cron, AUTUMN - timedelta(hours=2), AUTUMN + half_a_day) == autumn


def test_what_repeats_goes_on_through_the_hours_that_are_missing_or_twice() -> None:
    night = ("0 * * * *", SPRING, SPRING + timedelta(hours=3))
    assert due_between(*night) == ["29 01:00", "29 02:00", "29 03:00"]
    assert due_between("0 * * * *", AUTUMN, AUTUMN + timedelta(hours=3)) == [
        "25 01:00",
        "25 02:00",
        "25 03:00",
    ]


@given(
    st.sampled_from(
        ["30 2 * * *", "0 0 * * *", "*/20 * * * *", "0 6 1,16 * *", "15 3 * * mon", "5 2-3 * * *"]
    ),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_looking_back_and_looking_forward_agree(cron: str, now: datetime) -> None:
    last = row(cron).last_due(now)
    assert last <= now < row(cron).next_due(now)
    assert row(cron).next_due(last - timedelta(seconds=1)) == last
    assert row(cron).last_due(row(cron).next_due(now)) == row(cron).next_due(now)


@pytest.mark.parametrize("cron", ["", "every day", "60 0 * * *", "0 0 31 2 *", "0 0 * *"])
def test_a_line_that_is_none_is_known_at_the_start(cron: str) -> None:
    with pytest.raises(ValueError, match="is not a line of cron"):
        row(cron)
