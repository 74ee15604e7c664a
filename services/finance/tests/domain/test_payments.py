from itertools import product

import pytest

from finance.domain.payments import (
    MISSING_DETAILS,
    MOVES,
    PaymentEvent,
    PaymentStatus,
    ban,
    first_status,
    move,
    status_label,
)
from finance.domain.refusals import MoveNotAllowed, PaymentsNotInMessage


def test_a_payment_without_bank_details_waits():
    assert first_status(has_bank_details=True) is PaymentStatus.PENDING
    assert first_status(has_bank_details=False) is PaymentStatus.NOT_PROCESSABLE


def test_a_payment_moves_only_as_the_table_says():
    for status, event in product(PaymentStatus, PaymentEvent):
        expected = MOVES.get((status, event), MoveNotAllowed(state=status, event=event))
        assert move(status, event) == expected
    assert {move(status, PaymentEvent.FAILED) for status in PaymentStatus} == {PaymentStatus.ERROR}


@pytest.mark.parametrize("status", ["PENDING", "RETRY", "ERROR"])
def test_what_a_message_takes(status):
    assert move(PaymentStatus(status), PaymentEvent.MESSAGE_GENERATED) is PaymentStatus.UNDER_REVIEW


def test_the_life_of_a_payment_that_lacked_its_iban():
    status = PaymentStatus.NOT_PROCESSABLE
    for event in (
        *(PaymentEvent.BANK_DETAILS_FOUND, PaymentEvent.MESSAGE_GENERATED, PaymentEvent.MARKED_AS_SENT),
        *(PaymentEvent.SENT_BACK, PaymentEvent.MESSAGE_GENERATED, PaymentEvent.BANNED),
    ):
        status = move(status, event)
    assert status is PaymentStatus.BANNED


def test_labels_for_the_place():
    assert status_label(PaymentStatus.UNDER_REVIEW) == "Remboursement en cours"
    assert status_label(PaymentStatus.SENT, "ignored") == "Remboursement envoyé"
    assert status_label(PaymentStatus.NOT_PROCESSABLE, MISSING_DETAILS) == (
        "Remboursement impossible : IBAN et BIC manquants sur l'offreur"
    )
    assert status_label(PaymentStatus.NOT_PROCESSABLE) == "Remboursement impossible"


def test_a_ban_after_sending_works_too():
    message = {1: PaymentStatus.SENT, 2: PaymentStatus.SENT}
    assert ban(message, {1}) == {1: PaymentStatus.BANNED, 2: PaymentStatus.RETRY}


def test_a_ban_of_strangers_names_them():
    refusal = ban({1: PaymentStatus.SENT}, [9, 1, 7])
    assert refusal == PaymentsNotInMessage(payment_ids=(7, 9))
    assert "7, 9" in refusal.message


def test_a_ban_of_a_message_not_sent_is_refused():
    refusal = ban({1: PaymentStatus.PENDING}, [1])
    assert refusal == MoveNotAllowed(state=PaymentStatus.PENDING, event=PaymentEvent.BANNED)
