"""Corrections after payment (2023+): over-payments and commercial gestures (domain.md §5.5)."""

from enum import StrEnum
from typing import Final, NamedTuple

from finance.domain import ledger
from finance.domain.ledger import Entry
from finance.domain.money import share
from finance.domain.pricing import Pricing
from finance.domain.refusals import GestureNotPositive, MoveNotAllowed, NewAmountNotLower


class IncidentKind(StrEnum):
    """Why a correction is made."""

    OVERPAYMENT = "over-payment"
    COMMERCIAL_GESTURE = "commercial gesture"
    OFFER_PRICE_REGULATION = "offer price regulation"
    FRAUD = "fraud"


class IncidentState(StrEnum):
    """Where a correction stands."""

    CREATED = "created"
    VALIDATED = "validated"
    INVOICED = "invoiced"
    CANCELLED = "cancelled"


class IncidentEvent(StrEnum):
    """What happens to a correction."""

    VALIDATE = "validate"
    INVOICE = "invoice"
    CANCEL = "cancel"


MOVES: Final = {
    (IncidentState.CREATED, IncidentEvent.VALIDATE): IncidentState.VALIDATED,
    (IncidentState.CREATED, IncidentEvent.CANCEL): IncidentState.CANCELLED,
    (IncidentState.VALIDATED, IncidentEvent.INVOICE): IncidentState.INVOICED,
}
"""Once validated a correction has moved the ledger: it is undone by another one, not cancelled."""


def move(state: IncidentState, event: IncidentEvent) -> IncidentState | MoveNotAllowed:
    """The state after `event`, or a refusal where the table has no such move."""
    after = MOVES.get((state, event))
    return MoveNotAllowed(state=state, event=event) if after is None else after


class Correction(NamedTuple):
    """What an incident writes. `due_cents` is added to what the place is owed (negative: it owes),
    `given_back_cents` to the credit of who booked."""

    entries: tuple[Entry, ...]
    due_cents: int
    given_back_cents: int
    cancels_booking: bool


def reprice(original: Pricing, new_booked_cents: int) -> tuple[int, int | None]:
    """Reimbursement (cents) and rate of the right amount, by the rule that priced the original.

    The original's rate stays, though the counter with the right amount might have given another; an
    amount rule pays in proportion, half a cent up.
    """
    if original.rate_bp is None:
        paid = original.reimbursed_cents * new_booked_cents
        return (2 * paid + original.booked_cents) // (2 * original.booked_cents), None
    return share(new_booked_cents, original.rate_bp), original.rate_bp


def overpayment(original: Pricing, new_booked_cents: int) -> Correction | NewAmountNotLower:
    """Take back what was paid, and pay what should have been. A new amount of 0 € cancels the booking.

    The difference (`original.booked_cents - new_booked_cents`) goes back to the beneficiary's credit.
    """
    if not 0 <= new_booked_cents < original.booked_cents:
        return NewAmountNotLower(booked_cents=original.booked_cents)
    given_back_cents = original.booked_cents - new_booked_cents
    reversal = ledger.incident_reversal(original.booked_cents, original.reimbursed_cents)
    if new_booked_cents == 0:
        return Correction((reversal,), -original.reimbursed_cents, given_back_cents, cancels_booking=True)
    new_reimbursed_cents, _ = reprice(original, new_booked_cents)
    new_price = ledger.incident_new_price(new_booked_cents, new_reimbursed_cents)
    due_cents = new_reimbursed_cents - original.reimbursed_cents
    return Correction((reversal, new_price), due_cents, given_back_cents, cancels_booking=False)


def commercial_gesture(amount_cents: int) -> Correction | GestureNotPositive:
    """Pay the place though the booking is cancelled: a fixed rule of 100 % of what is agreed."""
    if amount_cents <= 0:
        return GestureNotPositive()
    return Correction((ledger.commercial_gesture(amount_cents),), amount_cents, 0, cancels_booking=False)
