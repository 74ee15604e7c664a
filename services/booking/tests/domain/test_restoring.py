"""Un-cancelling asks the credit again: it may have ended, or be spent elsewhere, since it got the money back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain import refusals
from booking.domain.booking import Status, Trigger, next_status
from booking.domain.restoring import refuse_restoring
from booking.domain.subcategories import Deposit
from booking.domain.wallet import Debit, Envelope, Perimeter, Purchase, Wallet
from booking_support.builders import JUST, booking, utc, v1, v2

NOW = utc(2026, 11, 22, 10)
CANCELLED = booking("LIVRE_PAPIER", Status.CANCELLED)
BOOK = Purchase(30_00)


def test_W13_not_once_the_credit_has_expired() -> None:
    expired = refusals.CreditExpired(NOW, "Europe/Paris")
    assert refuse_restoring(CANCELLED, BOOK, v2(expires_at=NOW), NOW) == expired
    assert refuse_restoring(CANCELLED, BOOK, v2(expires_at=NOW), NOW - JUST) is None
    assert refuse_restoring(CANCELLED, BOOK, v2(expires_at=NOW + JUST), NOW) is None
    assert refuse_restoring(CANCELLED, BOOK, v2(), NOW) is None, "one that never ends"
    long_ago = NOW - timedelta(days=900)
    refusal = refuse_restoring(CANCELLED, Purchase(1), v2(expires_at=long_ago), NOW)
    assert refusal == refusals.CreditExpired(long_ago, "Europe/Paris"), "a cent, too"


def test_W13_not_when_the_credit_was_spent_elsewhere_meanwhile() -> None:
    assert refuse_restoring(CANCELLED, BOOK, v2(spent_cents=270_00), NOW) is None
    refusal = refuse_restoring(CANCELLED, BOOK, v2(spent_cents=270_01), NOW)
    assert refusal == refusals.InsufficientCredit(missing_cents=1, remaining_cents=29_99)
    assert refuse_restoring(CANCELLED, BOOK, None, NOW) == refusals.InsufficientCredit(30_00, 0)


def test_W13_not_over_a_cap_that_was_filled_meanwhile() -> None:
    digital, physical = Purchase(30_00, Deposit.DIGITAL), Purchase(30_00, Deposit.PHYSICAL)
    filled = v1(spent_cents=341_00, digital_spent_cents=170_00, physical_spent_cents=171_00)
    assert refuse_restoring(CANCELLED, digital, filled, NOW) is None
    assert refuse_restoring(CANCELLED, physical, filled, NOW) == refusals.PhysicalCapReached(200_00, 29_00)
    more = v1(spent_cents=171_00, digital_spent_cents=171_00)
    assert refuse_restoring(CANCELLED, digital, more, NOW) == refusals.DigitalCapReached(200_00, 29_00)


def test_a_free_booking_is_restored_whatever_became_of_the_credit() -> None:
    for credit in (None, v2(expires_at=NOW), v2(spent_cents=300_00)):
        assert refuse_restoring(CANCELLED, Purchase(0), credit, NOW) is None


def test_labelled_money_that_had_paid_pays_again_wherever_it_may_be_spent_today() -> None:
    region = Envelope("region", 30_00, perimeter=Perimeter(departments=frozenset({"29"})))
    assert refuse_restoring(CANCELLED, BOOK, region, NOW) is None
    refusal = refuse_restoring(CANCELLED, Purchase(30_01), region, NOW)
    assert refusal == refusals.InsufficientCredit(missing_cents=1, remaining_cents=30_00)


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.CANCELLED])
def test_what_is_not_cancelled_is_not_restored(status: Status) -> None:
    there = booking("LIVRE_PAPIER", status)
    assert refuse_restoring(there, BOOK, v2(), NOW) == refusals.NotCancelled()
    assert refuse_restoring(there, BOOK, v2(expires_at=NOW), NOW) == refusals.NotCancelled(), "said first"


purchases = st.builds(Purchase, st.integers(0, 150_00), st.sampled_from(Deposit))
credits = st.builds(
    v1,
    spent_cents=st.integers(300_00, 500_00),
    digital_spent_cents=st.integers(100_00, 200_00),
    physical_spent_cents=st.integers(100_00, 200_00),
    expires_at=st.sampled_from([None, None, NOW, NOW + JUST]),
)


@given(purchases, credits)
def test_restored_if_and_only_if_the_credit_lives_and_neither_it_nor_a_cap_is_overdrawn(
    purchase: Purchase, credit: Envelope
) -> None:
    (after,) = Wallet((credit,)).after([Debit(credit.id, purchase.total_cents, purchase.deposit)]).envelopes
    fits = after.spent_cents <= 500_00 and (
        max(after.digital_spent_cents, after.physical_spent_cents) <= 200_00
    )
    may = purchase.total_cents == 0 or (credit.is_active(NOW) and fits)
    assert (refuse_restoring(CANCELLED, purchase, credit, NOW) is None) is may
    assert next_status(CANCELLED.status, Trigger.RESTORE, NOW) is Status.USED
