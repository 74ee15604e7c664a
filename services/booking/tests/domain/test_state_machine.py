"""Every cell of domain.md §6.1, and nothing outside the table."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from booking.domain import refusals
from booking.domain.booking import MOVES, Status, Trigger, next_status
from booking.domain.cancellation import Canceller, refuse_cancellation, reopens_when_moved
from booking.domain.rest import Operation, status_of
from booking.domain.usage import refuse_undo, refuse_use
from booking.domain.visibility import StateShown, state_shown
from booking_support.builders import NOW, booking, utc

PARIS = "Europe/Paris"
EARLY, LATE, NEWEST = utc(2021, 11, 2), utc(2021, 11, 10), utc(2026, 11, 22)

STATES = {
    "pending": booking(status=Status.PENDING),
    "thing": booking("LIVRE_PAPIER"),
    "event": booking(),
    "used": booking(status=Status.USED),
    "used, payment": booking(status=Status.USED, has_payment=True),
    "cancelled": booking(status=Status.CANCELLED),
    "reimbursed": booking(status=Status.REIMBURSED, has_payment=True),
}


@pytest.mark.parametrize(
    ("state", "at", "use", "undo"),
    [
        ("pending", LATE, 403, 410),
        ("thing", LATE, 204, 410),
        ("event", EARLY, 403, 410),
        ("event", LATE, 204, 410),
        ("used", LATE, 410, 204),
        ("used, payment", LATE, 403, 410),
        ("cancelled", LATE, 403, 403),
        ("reimbursed", LATE, 403, 410),
    ],
)
def test_use_and_undo_as_the_rest_api_answers(state: str, at, use: int, undo: int) -> None:
    refusal = refuse_use(STATES[state], at, PARIS)
    assert (204 if refusal is None else status_of(refusal, Operation.USE, at)) == use
    refusal = refuse_undo(STATES[state], at)
    assert (204 if refusal is None else status_of(refusal, Operation.KEEP, at)) == undo


def test_undo_is_refused_first_for_a_code_given_out() -> None:
    given = booking(status=Status.CANCELLED, has_activation_code=True)
    assert refuse_undo(given, LATE) == refusals.ActivationCodeGivenOut()
    assert status_of(refusals.ActivationCodeGivenOut(), Operation.KEEP, NOW) == 403


@pytest.mark.parametrize(
    ("state", "at", "beneficiary", "pro", "fraud", "expiry"),
    [
        ("pending", LATE, refusals.FirmBooking, None, None, None),
        ("thing", LATE, None, None, None, None),
        ("event", EARLY, None, None, None, None),
        ("event", LATE, refusals.FirmBooking, None, None, None),
        (
            "used",
            LATE,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
        ),
        (
            "used, payment",
            LATE,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
        ),
        (
            "cancelled",
            NEWEST,
            refusals.AlreadyCancelled,
            refusals.AlreadyCancelled,
            refusals.AlreadyCancelled,
            refusals.AlreadyCancelled,
        ),
        (
            "reimbursed",
            LATE,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
            refusals.AlreadyUsed,
        ),
    ],
)
def test_who_may_cancel(state: str, at, beneficiary, pro, fraud, expiry) -> None:
    def answer(by: Canceller):
        refusal = refuse_cancellation(STATES[state], by, at)
        return None if refusal is None else type(refusal)

    assert answer(Canceller.BENEFICIARY) is beneficiary
    assert answer(Canceller.PRO) is pro
    assert answer(Canceller.FRAUD) is fraud
    assert answer(Canceller.EXPIRY) is expiry


def test_a_class_booking_is_not_for_the_beneficiary_to_cancel() -> None:
    waiting = booking("LIVRE_PAPIER", status=Status.PENDING)
    assert refuse_cancellation(waiting, Canceller.BENEFICIARY, LATE) == refusals.NotToBeCancelled()
    assert refuse_cancellation(waiting, Canceller.SCHOOL, LATE) is None


def test_support_cancels_what_is_not_paid() -> None:
    assert refuse_cancellation(STATES["used"], Canceller.SUPPORT, LATE) is None
    refusal = refuse_cancellation(STATES["used, payment"], Canceller.SUPPORT, LATE)
    assert refusal == refusals.ReimbursementStarted()


def test_deleting_a_stock_reaches_used_bookings_since_2023() -> None:
    assert refuse_cancellation(STATES["used"], Canceller.STOCK_DELETION, LATE) == refusals.NotToBeCancelled()
    assert refuse_cancellation(STATES["used"], Canceller.STOCK_DELETION, NEWEST) is None
    paid = refuse_cancellation(STATES["used, payment"], Canceller.STOCK_DELETION, NEWEST)
    assert paid == refusals.ReimbursementStarted()


def test_deleting_a_stock_leaves_a_thing_that_was_handed_over() -> None:
    def answer(status: Status) -> refusals.BookingRefusal | None:
        return refuse_cancellation(booking("LIVRE_PAPIER", status=status), Canceller.STOCK_DELETION, NEWEST)

    assert answer(Status.USED) == refusals.AlreadyUsed()
    assert answer(Status.CONFIRMED) is None


def test_rejecting_an_offer_reaches_used_bookings_of_events_since_2023() -> None:
    assert refuse_cancellation(STATES["used"], Canceller.REJECTION, LATE) == refusals.AlreadyUsed()
    assert refuse_cancellation(STATES["used"], Canceller.REJECTION, NEWEST) is None
    paid = refuse_cancellation(STATES["used, payment"], Canceller.REJECTION, NEWEST)
    assert paid == refusals.ReimbursementStarted()
    handed_over = booking("LIVRE_PAPIER", status=Status.USED)
    assert refuse_cancellation(handed_over, Canceller.REJECTION, NEWEST) == refusals.AlreadyUsed()
    assert refuse_cancellation(STATES["event"], Canceller.REJECTION, NEWEST) is None


def test_what_finance_takes_back_is_used_again() -> None:
    back = Trigger.PAYMENT_TAKEN_BACK
    assert next_status(Status.REIMBURSED, back, NEWEST) is Status.USED
    assert next_status(Status.REIMBURSED, back, LATE) is None
    assert [status for status in Status if next_status(status, back, NEWEST)] == [Status.REIMBURSED]


def test_only_a_finance_incident_cancels_what_is_reimbursed() -> None:
    allowed = [by for by in Canceller if refuse_cancellation(STATES["reimbursed"], by, NEWEST) is None]
    assert allowed == [Canceller.FINANCE_INCIDENT]


@pytest.mark.parametrize(
    ("state", "at", "shown"),
    [
        ("event", EARLY, StateShown.BOOKED),
        ("event", LATE, StateShown.FIRM),
        ("thing", LATE, StateShown.BOOKED),
        ("used", LATE, StateShown.VALIDATED),
        ("reimbursed", LATE, StateShown.REIMBURSED),
        ("cancelled", LATE, StateShown.CANCELLED),
        ("pending", LATE, StateShown.BOOKED),
    ],
)
def test_states_shown(state: str, at, shown: StateShown) -> None:
    assert state_shown(STATES[state], at) is shown


def test_a_used_booking_reopens_when_its_event_moves_beyond_two_days() -> None:
    used, waiting = STATES["used"], STATES["event"]
    assert not reopens_when_moved(used, NOW + timedelta(hours=48), NOW)
    assert reopens_when_moved(used, NOW + timedelta(hours=48, seconds=1), NOW)
    assert not reopens_when_moved(waiting, NOW + timedelta(days=9), NOW)


@given(
    st.sampled_from(list(Status)),
    st.lists(st.tuples(st.sampled_from(list(Trigger)), st.booleans()), min_size=1),
)
def test_no_sequence_of_moves_leaves_the_table(status: Status, moves: list[tuple[Trigger, bool]]) -> None:
    assert moves
    for trigger, newest in moves:
        at = NEWEST if newest else LATE
        after = next_status(status, trigger, at)
        assert ((status, trigger) in MOVES.at(at)) is (after is not None)
        if after is not None:
            assert (status, trigger, after) in {(s, t, a) for (s, t), a in MOVES.at(at).items()}
            assert after is not Status.PENDING
            status = after


@given(st.sampled_from(list(Status)), st.sampled_from(list(Canceller)), st.booleans())
def test_whoever_is_not_refused_makes_an_allowed_move(status: Status, by: Canceller, paid: bool) -> None:
    subject = booking("LIVRE_PAPIER", status=status, has_payment=paid)
    assume(refuse_cancellation(subject, by, NEWEST) is None)
    assert next_status(status, by.trigger, NEWEST) is Status.CANCELLED
