"""One cashflow per bank account and batch, and what happens when a place owes more (domain.md §5.5)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from chassis.dated import BEGINNING, DatedTable, midnight, row

DEBT_PATIENCE: Final = timedelta(days=90)
"""A debt waits this long after the account's last cashflow for new bookings to absorb it; then a debit note
claims it (domain.md §5.5)."""


class DuePricing(NamedTuple):
    """A validated pricing. `reimbursed_cents` is negative for the reversal of an over-payment."""

    pricing_id: UUID
    reimbursed_cents: int
    value_date: datetime
    event_starts_at: datetime | None


class Outcome(StrEnum):
    """What a run does with the pricings of one bank account."""

    EMPTY_CASHFLOW = "a cashflow of nothing, so that an invoice shows what was not reimbursed"
    CASHFLOW = "the bank pays"
    NOTHING_TO_PAY = "processed without a cashflow"
    DEBT_WAITS = "the place owes: nothing moves yet"
    DEBIT_NOTE = "the place owes for too long: a debit note"


class Settlement(NamedTuple):
    """The outcome, its amount (cents, never negative) and the pricings it settles."""

    outcome: Outcome
    amount_cents: int
    pricing_ids: tuple[UUID, ...]


def is_due(pricing: DuePricing, cutoff: datetime) -> bool:
    """Value date before the cutoff (strict) and, for an event, begun before it (strict)."""
    return pricing.value_date < cutoff and (
        pricing.event_starts_at is None or pricing.event_starts_at < cutoff
    )


class Invoiced(StrEnum):
    """Which balances of nothing have a cashflow, and so an invoice."""

    NO_BALANCE_OF_NOTHING = "none"
    UNLESS_ALL_FREE = "those with a booking that was not free"


EMPTY_CASHFLOWS: Final = DatedTable(
    name="cashflows of nothing",
    keyed_by="date of the cutoff",
    rows=(
        row(
            BEGINNING,
            Invoiced.NO_BALANCE_OF_NOTHING,
            source="domain.md §5.5 (free and 0 % bookings are processed without a cashflow)",
        ),
        row(
            midnight("Europe/Paris", 2024, 1, 1),
            Invoiced.UNLESS_ALL_FREE,
            source="the real system's api.py, _generate_cashflows (≈ 2024: only all free bookings have none)",
            note="between 2023 and 2024; the day is not known",
        ),
    ),
)


def outcome(
    total_cents: int,
    last_cashflow_at: datetime | None,
    cutoff: datetime,
    *,
    all_free: bool = True,
    forced: bool = False,
) -> Outcome:
    """What a balance due to one bank account leads to; `last_cashflow_at`: when that was last paid.

    `all_free`: nothing but free bookings is in it.

    A debt becomes a debit note once its account has been paid nothing for 90 days (inclusive) at the
    cutoff, or at once when the team forces it. An account that was never paid waits.
    """
    if total_cents > 0:
        return Outcome.CASHFLOW
    if total_cents == 0:
        shown = not all_free and EMPTY_CASHFLOWS.at(cutoff) is Invoiced.UNLESS_ALL_FREE
        return Outcome.EMPTY_CASHFLOW if shown else Outcome.NOTHING_TO_PAY
    idle = last_cashflow_at is not None and cutoff - last_cashflow_at >= DEBT_PATIENCE
    return Outcome.DEBIT_NOTE if forced or idle else Outcome.DEBT_WAITS


def settle(
    pricings: Iterable[DuePricing],
    last_cashflow_at: datetime | None,
    cutoff: datetime,
    *,
    forced: bool = False,
) -> Settlement:
    """What the run at `cutoff` does with one bank account's validated pricings.

    The pricings of a debt that waits stay as they are.
    """
    due = [pricing for pricing in pricings if is_due(pricing, cutoff)]
    total_cents = sum(pricing.reimbursed_cents for pricing in due)
    result = outcome(total_cents, last_cashflow_at, cutoff, forced=forced)
    settled = () if result is Outcome.DEBT_WAITS else tuple(pricing.pricing_id for pricing in due)
    return Settlement(result, abs(total_cents), settled)


def batch_label(number: int) -> str:
    """Label of the n-th cash run: `VIR1`, `VIR2`, …"""
    return f"VIR{number}"


class CashflowState(StrEnum):
    """Life of a cashflow; its log keeps every state (domain.md §6.6)."""

    PENDING = "pending"
    UNDER_REVIEW = "under review"
    PENDING_ACCEPTANCE = "pending acceptance"
    ACCEPTED = "accepted"


CASHFLOW_MOVES: Final = frozenset(
    {
        (CashflowState.PENDING, CashflowState.UNDER_REVIEW),
        (CashflowState.UNDER_REVIEW, CashflowState.PENDING_ACCEPTANCE),
        (CashflowState.UNDER_REVIEW, CashflowState.ACCEPTED),
        (CashflowState.PENDING_ACCEPTANCE, CashflowState.ACCEPTED),
    }
)


class PricingState(StrEnum):
    """Life of a pricing (domain.md §5.5)."""

    VALIDATED = "validated"
    PROCESSED = "processed"
    INVOICED = "invoiced"
    CANCELLED = "cancelled"


PRICING_MOVES: Final = frozenset(
    {
        (PricingState.VALIDATED, PricingState.PROCESSED),
        (PricingState.PROCESSED, PricingState.INVOICED),
        (PricingState.VALIDATED, PricingState.CANCELLED),
    }
)
"""Once processed a pricing is never cancelled: an incident corrects it."""
