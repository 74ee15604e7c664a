from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

from finance.domain.cashflows import (
    CASHFLOW_MOVES,
    PRICING_MOVES,
    CashflowState,
    DuePricing,
    Outcome,
    PricingState,
    batch_label,
    is_due,
    outcome,
    settle,
)

CUTOFF = datetime(2026, 11, 15, 23, tzinfo=UTC)
MOMENT, DAY = timedelta(microseconds=1), timedelta(days=1)
LATELY = CUTOFF - 14 * DAY
"""When the account was last paid."""


def due(cents: int, value_date: datetime = CUTOFF - DAY, number: int = 1, starts: datetime | None = None):
    return DuePricing(UUID(int=number), cents, value_date, starts)


def test_due_strictly_before_the_cutoff():
    assert [is_due(due(1, at), CUTOFF) for at in (CUTOFF - MOMENT, CUTOFF)] == [True, False]
    assert [is_due(due(1, starts=at), CUTOFF) for at in (CUTOFF - MOMENT, CUTOFF)] == [True, False]


def test_one_account_is_paid_the_sum_of_what_is_due():
    settlement = settle([due(10_00), due(5_00, number=2), due(99_00, CUTOFF, number=3)], LATELY, CUTOFF)
    assert settlement == (Outcome.CASHFLOW, 15_00, (UUID(int=1), UUID(int=2)))


def test_a_debt_is_taken_from_what_is_owed():
    assert settle([due(10_00), due(-4_00, number=2)], LATELY, CUTOFF)[:2] == (Outcome.CASHFLOW, 6_00)


def test_a_total_of_nothing_is_processed_without_a_cashflow():
    settlement = settle([due(4_00), due(-4_00, number=2), due(0, number=3)], LATELY, CUTOFF)
    assert settlement == (Outcome.NOTHING_TO_PAY, 0, (UUID(int=1), UUID(int=2), UUID(int=3)))
    assert settle([], LATELY, CUTOFF) == (Outcome.NOTHING_TO_PAY, 0, ())


def test_a_debt_is_claimed_ninety_days_after_the_accounts_last_cashflow():
    owes = [due(-10_00), due(3_00, number=2)]
    assert settle(owes, CUTOFF - 90 * DAY + MOMENT, CUTOFF) == (Outcome.DEBT_WAITS, 7_00, ())
    claimed = settle(owes, CUTOFF - 90 * DAY, CUTOFF)
    assert claimed == (Outcome.DEBIT_NOTE, 7_00, (UUID(int=1), UUID(int=2)))


def test_the_age_of_the_debt_itself_does_not_matter():
    """Peer cases K04 and K05: what counts is when the account was last paid."""
    young, old = due(-10_00, CUTOFF - 10 * DAY), due(-10_00, CUTOFF - 100 * DAY)
    assert settle([young], CUTOFF - 100 * DAY, CUTOFF).outcome is Outcome.DEBIT_NOTE
    assert settle([old], LATELY, CUTOFF).outcome is Outcome.DEBT_WAITS
    assert settle([old], None, CUTOFF).outcome is Outcome.DEBT_WAITS, "never paid: it waits"


def test_K06_a_debit_note_may_be_forced():
    """Peer case K06."""
    young = due(-10_00, CUTOFF - 10 * DAY)
    assert settle([young], None, CUTOFF, forced=True).outcome is Outcome.DEBIT_NOTE
    assert settle([due(10_00)], None, CUTOFF, forced=True).outcome is Outcome.CASHFLOW
    assert settle([due(0)], None, CUTOFF, forced=True).outcome is Outcome.NOTHING_TO_PAY


def test_a_balance_of_nothing_has_a_cashflow_unless_all_was_free():
    """Peer case K03: one VOD at 0 % that was not free; before 2024 no balance of nothing had one."""
    before = datetime(2023, 12, 31, 23, tzinfo=UTC)
    assert outcome(0, None, CUTOFF, all_free=False) is Outcome.EMPTY_CASHFLOW
    assert outcome(0, None, CUTOFF, all_free=True) is Outcome.NOTHING_TO_PAY
    assert outcome(0, None, before, all_free=False) is Outcome.EMPTY_CASHFLOW, "midnight in Paris"
    assert outcome(0, None, before - MOMENT, all_free=False) is Outcome.NOTHING_TO_PAY


def test_a_cent_is_paid_and_a_cent_is_owed():
    assert settle([due(1)], LATELY, CUTOFF)[:2] == (Outcome.CASHFLOW, 1)
    assert settle([due(-1)], LATELY, CUTOFF)[:2] == (Outcome.DEBT_WAITS, 1)


def test_batches_are_numbered():
    assert batch_label(12) == "VIR12"


def test_moves_of_pricings_and_cashflows():
    assert {
        (one, other) for one, other in product(PricingState, PricingState) if (one, other) in PRICING_MOVES
    } == {
        (PricingState.VALIDATED, PricingState.PROCESSED),
        (PricingState.VALIDATED, PricingState.CANCELLED),
        (PricingState.PROCESSED, PricingState.INVOICED),
    }
    assert not any(one is CashflowState.ACCEPTED for one, _ in CASHFLOW_MOVES)
    assert not any(other is CashflowState.PENDING for _, other in CASHFLOW_MOVES)
