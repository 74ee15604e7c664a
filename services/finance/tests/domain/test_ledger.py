import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.domain import ledger
from finance.domain.ledger import Account, Entry, EntryKind, Line, UnbalancedEntry
from finance.domain.pricing import price_all

cents = st.integers(0, 10**9)


@given(cents, cents)
def test_every_event_writes_a_sum_of_zero(booked, reimbursed):
    entries = [
        ledger.priced(booked, reimbursed),
        ledger.pricing_cancelled(booked, reimbursed),
        ledger.cashflow(reimbursed),
        ledger.cashflow_rejected(reimbursed),
        ledger.debit_note(reimbursed),
        ledger.incident_reversal(booked, reimbursed),
        ledger.incident_new_price(booked, reimbursed),
        ledger.commercial_gesture(reimbursed),
    ]
    assert [entry.kind for entry in entries] == list(EntryKind)
    assert all(sum(line.amount_cents for line in entry.lines) == 0 for entry in entries)
    assert all(line.amount_cents for entry in entries for line in entry.lines)


@given(st.lists(st.integers(0, 30_000_00), max_size=10))
def test_a_ledger_of_priced_and_paid_bookings_sums_to_zero_and_owes_nothing(make_booking, prices):
    bookings = [make_booking(price, number=number) for number, price in enumerate(prices, 1)]
    pricings = list(price_all(bookings))
    entries = [ledger.priced(p.booked_cents, p.reimbursed_cents) for p in pricings]
    entries.append(ledger.cashflow(sum(p.reimbursed_cents for p in pricings)))
    balance = dict.fromkeys(Account, 0)
    for entry in entries:
        for line in entry.lines:
            balance[line.account] += line.amount_cents
    assert sum(balance.values()) == 0
    assert balance[Account.OWED_TO_STRUCTURE] == 0
    assert balance[Account.CREDIT] == -sum(prices)
    assert balance[Account.PAID_OUT] + balance[Account.CONTRIBUTION] == sum(prices)


def test_what_each_event_moves():
    assert dict(ledger.priced(100_00, 95_00).lines) == {
        Account.CREDIT: -100_00,
        Account.OWED_TO_STRUCTURE: 95_00,
        Account.CONTRIBUTION: 5_00,
    }
    assert dict(ledger.cashflow(95_00).lines) == {Account.OWED_TO_STRUCTURE: -95_00, Account.PAID_OUT: 95_00}
    assert dict(ledger.debit_note(7_00).lines) == {Account.OWED_TO_STRUCTURE: 7_00, Account.CLAIMED: -7_00}
    assert dict(ledger.commercial_gesture(7_00).lines) == {
        Account.COMMERCIAL_GESTURE: -7_00,
        Account.OWED_TO_STRUCTURE: 7_00,
    }


@pytest.mark.parametrize(
    ("event", "opposite"),
    [
        (ledger.priced(100_00, 95_00), ledger.pricing_cancelled(100_00, 95_00)),
        (ledger.cashflow(95_00), ledger.cashflow_rejected(95_00)),
        (ledger.incident_new_price(100_00, 95_00), ledger.incident_reversal(100_00, 95_00)),
    ],
)
def test_undoing_is_the_opposite_entry(event, opposite):
    assert dict(opposite.lines) == {account: -amount for account, amount in event.lines}


def test_a_free_booking_moves_nothing():
    assert ledger.priced(0, 0).lines == ()


def test_an_unbalanced_entry_cannot_exist():
    with pytest.raises(UnbalancedEntry, match=r"cashflow.*PAID_OUT"):
        Entry(EntryKind.CASHFLOW, (Line(Account.PAID_OUT, 1),))
