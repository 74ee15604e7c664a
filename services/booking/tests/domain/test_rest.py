"""Statuses of the REST APIs where the tables say nothing, or one thing only."""

import pytest

from booking.domain import refusals
from booking.domain.rest import Operation, status_of
from booking_support.builders import NOW


@pytest.mark.parametrize("operation", list(Operation))
def test_a_refusal_without_a_status_of_its_own_is_a_bad_request(operation: Operation) -> None:
    assert status_of(refusals.AlreadyBooked(), operation, NOW) == 400


@pytest.mark.parametrize("operation", [Operation.SHOW, Operation.USE, Operation.CANCEL, Operation.KEEP])
def test_an_unknown_contremarque_is_not_found(operation: Operation) -> None:
    assert status_of(refusals.ContremarqueNotFound(), operation, NOW) == 404


def test_showing_answers_as_using_does() -> None:
    for refusal in (refusals.ReimbursementStarted(), refusals.AlreadyUsed(), refusals.CancelledBooking()):
        assert status_of(refusal, Operation.SHOW, NOW) == status_of(refusal, Operation.USE, NOW)
