from collections import Counter
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.domain import ledger
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
from finance.domain.money import share
from finance.domain.pricing import Pricing, Rule
from finance.domain.refusals import GestureNotPositive, MoveNotAllowed, NewAmountNotLower

PAID = Pricing(UUID(int=1), 100_00, 95_00, 9_500, Rule.STANDARD, None, 20_050_00)


def test_a_whole_overpayment_is_taken_back_and_cancels_the_booking():
    correction = overpayment(PAID, 0)
    reversal = ledger.incident_reversal(100_00, 95_00)
    assert correction == Correction((reversal,), -95_00, 100_00, cancels_booking=True)


def test_a_partial_overpayment_keeps_the_rate_of_the_original():
    """Peer case I02: 100 € at 95 % (counter 20 010 €), right price 60 €: 57 €, whatever the counter says now."""
    original = PAID._replace(revenue_cents=20_010_00)
    assert reprice(original, 60_00) == (57_00, 9_500)
    corrected = overpayment(original, 60_00)
    assert corrected.entries == (
        ledger.incident_reversal(100_00, 95_00),
        ledger.incident_new_price(60_00, 57_00),
    )
    assert (corrected.due_cents, corrected.cancels_booking) == (57_00 - 95_00, False)


def test_what_was_too_much_goes_back_to_the_credit():
    """Peer case I05: right price 60 € of 100 €: 40 € come back to the young person."""
    assert overpayment(PAID, 60_00).given_back_cents == 40_00
    assert overpayment(PAID, 0).given_back_cents == 100_00
    assert commercial_gesture(12_00).given_back_cents == 0


@given(st.integers(1, 300_00), st.integers(0, 10_000), st.data())
def test_a_correction_never_makes_money(booked_cents, rate_bp, data):
    original = PAID._replace(
        booked_cents=booked_cents, reimbursed_cents=share(booked_cents, rate_bp), rate_bp=rate_bp
    )
    right_cents = data.draw(st.integers(0, booked_cents - 1))
    correction = overpayment(original, right_cents)
    by_account = Counter()
    for entry in (ledger.priced(booked_cents, original.reimbursed_cents), *correction.entries):
        for line in entry.lines:
            by_account[line.account] += line.amount_cents
    assert by_account[ledger.Account.CREDIT] == -right_cents == -(booked_cents - correction.given_back_cents)
    assert by_account[ledger.Account.OWED_TO_STRUCTURE] == original.reimbursed_cents + correction.due_cents
    assert 0 <= original.reimbursed_cents + correction.due_cents <= right_cents


@pytest.mark.parametrize("amount", [100_00, 100_01, -1])
def test_the_right_amount_is_lower_than_what_was_booked(amount):
    assert overpayment(PAID, amount) == NewAmountNotLower(booked_cents=100_00)


def test_own_rules_and_collective_rates_stay():
    own = PAID._replace(rule=Rule.CUSTOM, custom_rule_id=UUID(int=9), rate_bp=8_000, reimbursed_cents=80_00)
    assert reprice(own, 40_00) == (32_00, 8_000)
    collective = PAID._replace(rule=Rule.COLLECTIVE, rate_bp=10_000, revenue_cents=500_000_00)
    assert reprice(collective, 40_00) == (40_00, 10_000)
    by_unit = PAID._replace(
        rule=Rule.CUSTOM, custom_rule_id=UUID(int=9), rate_bp=None, reimbursed_cents=50_00
    )
    assert reprice(by_unit, 33_34) == (16_67, None)


def test_a_commercial_gesture_pays_whole_and_spends_no_credit():
    assert commercial_gesture(12_00) == Correction((ledger.commercial_gesture(12_00),), 12_00, 0, False)
    assert commercial_gesture(1) == Correction((ledger.commercial_gesture(1),), 1, 0, False)
    assert commercial_gesture(0) == GestureNotPositive()


def test_an_incident_moves_only_as_the_table_says():
    for state, event in product(IncidentState, IncidentEvent):
        assert move(state, event) == MOVES.get((state, event), MoveNotAllowed(state=state, event=event))
    assert move(IncidentState.CREATED, IncidentEvent.CANCEL) is IncidentState.CANCELLED
    assert isinstance(move(IncidentState.VALIDATED, IncidentEvent.CANCEL), MoveNotAllowed)
