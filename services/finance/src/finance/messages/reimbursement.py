"""`finance.reimbursement.v1`: what a place is paid for one used booking."""

from typing import Final

from chassis.clock import iso
from chassis.outbox import Event
from finance.domain.cashflows import PricingState, batch_label
from finance.domain.money import FULL_RATE_BP
from finance.persistence.records import PricingRecord

TOPIC: Final = "finance.reimbursement.v1"


def reimbursement_status(status: str, *, paid: bool, reversed_: bool = False) -> str:
    """What others call a pricing: priced, then paid (or processed when there was nothing to pay), or cancelled.

    One that was reversed is cancelled too: it holds no more, and the place owes it back.
    """
    if status == PricingState.CANCELLED or reversed_:
        return "cancelled"
    if status == PricingState.VALIDATED:
        return "priced"
    return "paid" if paid else "processed"


def rate_text(rate_bp: int | None) -> str | None:
    """A rate as an exact decimal text, `0.95`; None for rules that pay an amount."""
    if rate_bp is None:
        return None
    whole, rest = divmod(rate_bp, FULL_RATE_BP)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def reimbursement(record: PricingRecord) -> Event:
    status = reimbursement_status(
        record.status, paid=record.paid_at is not None, reversed_=record.reversed_at is not None
    )
    return Event(
        topic=TOPIC,
        key=record.id,
        version=record.version,
        type=f"reimbursement.{status}",
        state={
            "booking_id": record.booking_id,
            "structure_id": record.structure_id,
            "amount_cents": record.reimbursed_cents,
            "rate": rate_text(record.rate_bp),
            "status": status,
            "batch_label": None if record.batch_number is None else batch_label(record.batch_number),
            "paid_at": iso(record.paid_at),
        },
    )


_EVENT: Final = """
    '{topic}', {of}.id, 'reimbursement.' || {status},
    convert_to(concat(
        '{{"id":"', {of}.id, '","version":', {of}.version, ',"booking_id":"', {of}.booking_id,
        '","structure_id":"', {of}.structure_id, '","amount_cents":', {of}.reimbursed_cents,
        ',"rate":', CASE WHEN {of}.rate_bp IS NULL THEN 'null'
                         ELSE concat('"', trim_scale({of}.rate_bp * 0.0001), '"') END,
        ',"status":"', {status}, '","batch_label":', {batch_label}, ',"paid_at":', {paid_at}, '}}'
    ), 'UTF8'),
    :trace
    """

CANCELLED_IN_SQL: Final = _EVENT.format(
    topic=TOPIC, of="undone", status="'cancelled'", batch_label="'null'", paid_at="'null'"
)
"""`reimbursement` of each row of `undone`: topic, key, type, payload and trace, of prices that were in no batch."""

OF_BATCH_IN_SQL: Final = _EVENT.format(
    topic=TOPIC,
    of="p",
    status="CASE WHEN p.status = 'validated' THEN 'priced' WHEN p.paid_at IS NULL THEN 'processed' ELSE 'paid' END",
    batch_label="CASE WHEN p.batch_id IS NULL THEN 'null' ELSE :batch_label END",
    paid_at="CASE WHEN p.paid_at IS NULL THEN 'null' ELSE :paid_at END",
)
"""The same of prices `p` that one batch made or settled, none of them reversed; `:batch_label`, `:paid_at` are JSON."""
