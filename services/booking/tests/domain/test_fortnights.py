"""Once its fortnight is over a used booking is final, for place and beneficiary, whatever finance has said."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain import refusals
from booking.domain.booking import Status
from booking.domain.cancellation import Canceller, refuse_cancellation
from booking.domain.fortnights import fortnight_began, is_paid_by, is_settled
from booking.domain.usage import refuse_undo
from booking_support.builders import JUST, booking, utc

CUTOFF = utc(2026, 11, 15, 23)
"""Midnight of 16 November in Paris."""
BEFORE, AFTER = CUTOFF - timedelta(hours=5), CUTOFF + timedelta(hours=5)


def used(at: datetime, subcategory: str = "LIVRE_PAPIER", **facts: object):
    return booking(subcategory, Status.USED, used_at=at, **facts)


@pytest.mark.parametrize(
    ("now", "began"),
    [
        (CUTOFF - JUST, utc(2026, 10, 31, 23)),
        (CUTOFF, CUTOFF),
        (utc(2026, 11, 30, 22, 59), CUTOFF),
        (utc(2026, 11, 30, 23), utc(2026, 11, 30, 23)),
        (utc(2026, 7, 15, 22), utc(2026, 7, 15, 22)),
        (utc(2026, 7, 15, 21, 59), utc(2026, 6, 30, 22)),
        (utc(2027, 1, 1), utc(2026, 12, 31, 23)),
    ],
)
def test_a_fortnight_begins_at_midnight_in_paris_in_winter_and_in_summer(
    now: datetime, began: datetime
) -> None:
    assert fortnight_began(now) == began


@given(st.datetimes(datetime(2022, 1, 2), datetime(2035, 1, 1)))  # noqa: DTZ001
def test_there_is_a_cutoff_within_the_last_seventeen_days(naive: datetime) -> None:
    now = naive.replace(tzinfo=CUTOFF.tzinfo)
    assert now - timedelta(days=17) < fortnight_began(now) <= now


def test_used_before_a_cutoff_that_has_passed_is_final() -> None:
    assert not is_settled(used(BEFORE), CUTOFF - JUST)
    assert is_settled(used(BEFORE), CUTOFF)
    assert is_settled(used(CUTOFF - JUST), AFTER)
    assert not is_settled(used(CUTOFF), AFTER)
    assert is_settled(used(utc(2026, 3, 1)), AFTER)


def test_an_event_that_had_not_begun_is_not_taken_yet() -> None:
    early = used(BEFORE, "CONCERT", starts_at=CUTOFF)
    assert not is_settled(early, AFTER)
    assert is_settled(early, utc(2026, 11, 30, 23))
    assert is_settled(used(BEFORE, "CONCERT", starts_at=CUTOFF - JUST), AFTER)


@pytest.mark.parametrize("status", [Status.PENDING, Status.CONFIRMED, Status.CANCELLED])
def test_what_is_not_used_is_not_settled(status: Status) -> None:
    assert not is_settled(replace(used(BEFORE), status=status), AFTER)


def test_a_payment_settles_within_the_fortnight_too() -> None:
    assert is_settled(used(BEFORE, has_payment=True), CUTOFF - JUST)


def test_until_2021_only_a_payment_did() -> None:
    old = used(utc(2021, 11, 1))
    assert not is_settled(old, utc(2021, 12, 31, 22, 59))
    assert is_settled(old, utc(2021, 12, 31, 23))


def test_a_payment_pays_what_was_used_before_the_cutoff_of_its_close() -> None:
    for paid_at in (CUTOFF, AFTER, utc(2026, 11, 30, 22, 59)):
        assert is_paid_by(used(CUTOFF - JUST), paid_at)
        assert not is_paid_by(used(CUTOFF), paid_at)
    assert is_paid_by(used(CUTOFF), utc(2026, 11, 30, 23)), "by a later close"
    assert is_paid_by(used(BEFORE, "CONCERT", starts_at=AFTER), AFTER), "moved, and used all the same"


def test_until_2021_a_payment_pays_what_was_used_before_it() -> None:
    paid_at = utc(2021, 12, 20)
    assert is_paid_by(used(paid_at - JUST), paid_at)
    assert not is_paid_by(used(paid_at), paid_at)


@pytest.mark.parametrize("status", [Status.PENDING, Status.CONFIRMED, Status.CANCELLED, Status.REIMBURSED])
def test_a_payment_pays_for_nothing_that_is_not_used(status: Status) -> None:
    assert not is_paid_by(replace(used(BEFORE), status=status), AFTER)
    assert not is_paid_by(booking("LIVRE_PAPIER", Status.USED), AFTER), "nobody knows when"


def test_nobody_but_the_team_undoes_what_is_final() -> None:
    event = used(BEFORE, "CONCERT", starts_at=BEFORE)
    assert refuse_undo(event, AFTER) == refusals.ReimbursementStarted()
    assert refuse_undo(event, CUTOFF - JUST) is None
    for by in (Canceller.STOCK_DELETION, Canceller.REJECTION):
        assert refuse_cancellation(event, by, AFTER) == refusals.ReimbursementStarted()
        assert refuse_cancellation(event, by, CUTOFF - JUST) is None
    for by in (Canceller.BENEFICIARY, Canceller.PRO, Canceller.EXPIRY, Canceller.FRAUD):
        assert refuse_cancellation(event, by, AFTER) == refusals.AlreadyUsed()
    for by in (Canceller.SUPPORT, Canceller.FINANCE_INCIDENT):
        assert refuse_cancellation(event, by, AFTER) is None
