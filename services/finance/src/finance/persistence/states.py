"""Public states of finance's aggregates, as events: no IBAN is ever in them."""

from typing import Final
from uuid import UUID

from chassis.clock import iso
from chassis.outbox import Event
from finance.domain.cashflows import PricingState, batch_label
from finance.domain.money import FULL_RATE_BP
from finance.persistence.rows import AnyRow

REIMBURSEMENTS: Final = "finance.reimbursement.v1"
BANK_ACCOUNTS: Final = "finance.bank_account.v1"


def _plain(driver_id: UUID) -> UUID:
    """The driver's own UUID type cannot be written as JSON."""
    return UUID(int=driver_id.int)


def reimbursement_status(status: str, *, paid: bool) -> str:
    """What others call a pricing: priced, then paid (or processed when there was nothing to pay), or cancelled."""
    if status == PricingState.VALIDATED:
        return "priced"
    if status == PricingState.CANCELLED:
        return "cancelled"
    return "paid" if paid else "processed"


def rate_text(rate_bp: int | None) -> str | None:
    """A rate as an exact decimal text, `0.95`; None for rules that pay an amount."""
    if rate_bp is None:
        return None
    whole, rest = divmod(rate_bp, FULL_RATE_BP)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def reimbursement(row: AnyRow) -> Event:
    """The event of a pricing row joined with its batch's number (None while it waits)."""
    status = reimbursement_status(row.status, paid=row.paid_at is not None)
    return Event(
        topic=REIMBURSEMENTS,
        key=_plain(row.id),
        version=row.version,
        type=f"reimbursement.{status}",
        state={
            "booking_id": _plain(row.booking_id),
            "structure_id": _plain(row.structure_id),
            "amount_cents": row.reimbursed_cents,
            "rate": rate_text(row.rate_bp),
            "status": status,
            "batch_label": None if row.batch_number is None else batch_label(row.batch_number),
            "paid_at": iso(row.paid_at),
        },
    )


def bank_account(row: AnyRow) -> Event:
    """The event of a bank account row."""
    return Event(
        topic=BANK_ACCOUNTS,
        key=_plain(row.id),
        version=row.version,
        type=f"bank_account.{row.status}",
        state={"structure_id": _plain(row.structure_id), "status": row.status},
    )
