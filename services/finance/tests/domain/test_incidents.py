from itertools import product
from uuid import UUID

import pytest

from finance.domain import ledger
from finance.domain.bareme import BAREME
from finance.domain.incidents import (
    MOVES,
    Correction,
    IncidentEvent,
    IncidentState,
    commercial_gesture,
    move,
    overpayment,
    reprice,
)
from finance.domain.pricing import Pricing, Rule
from finance.domain.refusals import GestureNotPositive, MoveNotAllowed, NewAmountNotLower
from finance.domain.subcategories import Family

EDITION = BAREME.rows[-1].value
PAID = Pricing(UUID(int=1), 100_00, 95_00, 9_500, Rule.STANDARD, None, 20_050_00)


def test_a_whole_overpayment_is_taken_back_and_cancels_the_booking():
    correction = overpayment(PAID, 0, EDITION, Family.STANDARD)
    assert correction == Correction((ledger.incident_reversal(100_00, 95_00),), -95_00, cancels_booking=True)


def test_a_partial_overpayment_is_priced_again_at_the_counter_without_it():
    """At 60 € instead of 100 € the counter is 20 010 €, still above the threshold; at 40 € it is not."""
    still_above = overpayment(PAID, 60_00, EDITION, Family.STANDARD)
    assert still_above.entries[1] == ledger.incident_new_price(60_00, 57_00)
    assert (still_above.due_cents, still_above.cancels_booking) == (57_00 - 95_00, False)
    below = overpayment(PAID, 40_00, EDITION, Family.STANDARD)
    assert below.entries == (ledger.incident_reversal(100_00, 95_00), ledger.incident_new_price(40_00, 40_00))
    assert below.due_cents == 40_00 - 95_00


def test_a_book_is_priced_again_as_a_book():
    book = PAID._replace(rule=Rule.BOOK, revenue_cents=500_000_00)
    assert reprice(book, 60_00, EDITION, Family.BOOK) == (57_00, 9_500)
    assert reprice(book, 60_00, EDITION, Family.STANDARD) == (54_00, 9_000)
    assert overpayment(book, 60_00, EDITION, Family.BOOK).due_cents == 57_00 - 95_00
    assert overpayment(book, 60_00, EDITION, Family.STANDARD).due_cents == 54_00 - 95_00


@pytest.mark.parametrize("amount", [100_00, 100_01, -1])
def test_the_right_amount_is_lower_than_what_was_booked(amount):
    assert overpayment(PAID, amount, EDITION, Family.STANDARD) == NewAmountNotLower(booked_cents=100_00)


def test_own_rules_and_collective_rates_stay():
    own = PAID._replace(rule=Rule.CUSTOM, custom_rule_id=UUID(int=9), rate_bp=8_000, reimbursed_cents=80_00)
    assert reprice(own, 40_00, EDITION, Family.STANDARD) == (32_00, 8_000)
    collective = PAID._replace(rule=Rule.COLLECTIVE, rate_bp=10_000, revenue_cents=500_000_00)
    assert reprice(collective, 40_00, EDITION, Family.STANDARD) == (40_00, 10_000)
    by_unit = PAID._replace(
        rule=Rule.CUSTOM, custom_rule_id=UUID(int=9), rate_bp=None, reimbursed_cents=50_00
    )
    assert reprice(by_unit, 33_34, EDITION, Family.STANDARD) == (16_67, None)


def test_a_commercial_gesture_pays_whole_and_spends_no_credit():
    assert commercial_gesture(12_00) == Correction((ledger.commercial_gesture(12_00),), 12_00, False)
    assert commercial_gesture(1) == Correction((ledger.commercial_gesture(1),), 1, False)
    assert commercial_gesture(0) == GestureNotPositive()


def test_an_incident_moves_only_as_the_table_says():
    for state, event in product(IncidentState, IncidentEvent):
        assert move(state, event) == MOVES.get((state, event), MoveNotAllowed(state=state, event=event))
    assert move(IncidentState.CREATED, IncidentEvent.CANCEL) is IncidentState.CANCELLED
    assert isinstance(move(IncidentState.VALIDATED, IncidentEvent.CANCEL), MoveNotAllowed)
