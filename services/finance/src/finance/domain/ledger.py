"""Double entry: what each event of finance writes, always with a sum of zero.

A line is (account, cents): positive where value arrives, negative where it comes from. Nothing is ever
edited: an error is corrected by the opposite entry.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Account(StrEnum):
    """Where value stands."""

    CREDIT = "credit"
    """The beneficiaries' credits: the State's money. Negative as it is spent."""
    OWED_TO_STRUCTURE = "owed to structure"
    """What is due to the places and not yet paid."""
    CONTRIBUTION = "contribution"
    """What the places bear: the difference between the price and the reimbursement."""
    PAID_OUT = "paid out"
    """What the bank is ordered to transfer."""
    COMMERCIAL_GESTURE = "commercial gesture"
    """What the platform pays out of its own pocket."""
    CLAIMED = "claimed"
    """What places owe and was claimed by a debit note."""


class EntryKind(StrEnum):
    """The events of finance that write to the ledger."""

    PRICED = "priced"
    PRICING_CANCELLED = "pricing cancelled"
    CASHFLOW = "cashflow"
    CASHFLOW_REJECTED = "cashflow rejected"
    DEBIT_NOTE = "debit note"
    INCIDENT_REVERSAL = "incident reversal"
    INCIDENT_NEW_PRICE = "incident new price"
    COMMERCIAL_GESTURE = "commercial gesture"


class UnbalancedEntry(ValueError):
    """Lines that do not sum to zero: a bug, refused before it reaches the database."""


class Line(NamedTuple):
    account: Account
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One event's lines. Raises UnbalancedEntry unless they sum to zero."""

    kind: EntryKind
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        if sum(line.amount_cents for line in self.lines) != 0:
            raise UnbalancedEntry(f"{self.kind}: {self.lines}")


def _entry(kind: EntryKind, *lines: tuple[Account, int]) -> Entry:
    """Lines of nothing are not written; a free booking's entry has none."""
    return Entry(kind, tuple(Line(account, amount) for account, amount in lines if amount))


def priced(booked_cents: int, reimbursed_cents: int) -> Entry:
    """Credit was spent; part of it is owed to the place, which bears the rest."""
    return _price(EntryKind.PRICED, booked_cents, reimbursed_cents)


def pricing_cancelled(booked_cents: int, reimbursed_cents: int) -> Entry:
    """The opposite of `priced`: the booking was undone, or its place in the order changed."""
    return _price(EntryKind.PRICING_CANCELLED, -booked_cents, -reimbursed_cents)


def cashflow(amount_cents: int) -> Entry:
    """The bank is ordered to pay what was owed."""
    return _entry(
        EntryKind.CASHFLOW, (Account.OWED_TO_STRUCTURE, -amount_cents), (Account.PAID_OUT, amount_cents)
    )


def cashflow_rejected(amount_cents: int) -> Entry:
    """The bank sent the money back: it is owed again."""
    return _entry(
        EntryKind.CASHFLOW_REJECTED,
        (Account.PAID_OUT, -amount_cents),
        (Account.OWED_TO_STRUCTURE, amount_cents),
    )


def debit_note(claimed_cents: int) -> Entry:
    """The place owes more than it is owed: the balance is claimed by a debit note."""
    return _entry(
        EntryKind.DEBIT_NOTE,
        (Account.OWED_TO_STRUCTURE, claimed_cents),
        (Account.CLAIMED, -claimed_cents),
    )


def incident_reversal(booked_cents: int, reimbursed_cents: int) -> Entry:
    """An over-payment: the credit comes back whole, the place owes what it was paid."""
    return _price(EntryKind.INCIDENT_REVERSAL, -booked_cents, -reimbursed_cents)


def incident_new_price(booked_cents: int, reimbursed_cents: int) -> Entry:
    """After a partial over-payment: the booking at its right price."""
    return _price(EntryKind.INCIDENT_NEW_PRICE, booked_cents, reimbursed_cents)


def commercial_gesture(amount_cents: int) -> Entry:
    """Owed to the place though the booking is cancelled: no credit is spent."""
    return _entry(
        EntryKind.COMMERCIAL_GESTURE,
        (Account.COMMERCIAL_GESTURE, -amount_cents),
        (Account.OWED_TO_STRUCTURE, amount_cents),
    )


def _price(kind: EntryKind, booked_cents: int, reimbursed_cents: int) -> Entry:
    return _entry(
        kind,
        (Account.CREDIT, -booked_cents),
        (Account.OWED_TO_STRUCTURE, reimbursed_cents),
        (Account.CONTRIBUTION, booked_cents - reimbursed_cents),
    )
