"""Validating a contremarque at the Guichet, and undoing it (domain.md §4.4)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from booking.domain.booking import Booking, Status
from booking.domain.fortnights import is_settled
from booking.domain.refusals import (
    ActivationCodeGivenOut,
    AlreadyUsed,
    CancelledBooking,
    NotConfirmedBySchool,
    NotUsableYet,
    NotUsedYet,
    ReimbursementStarted,
    StructureClosed,
)
from chassis.dated import BEGINNING, DatedTable, midnight, row

UseRefusal = (
    StructureClosed
    | ReimbursementStarted
    | AlreadyUsed
    | CancelledBooking
    | NotConfirmedBySchool
    | NotUsableYet
)
UndoRefusal = StructureClosed | ActivationCodeGivenOut | CancelledBooking | ReimbursementStarted | NotUsedYet

Check = Callable[[Booking, datetime, str], UseRefusal | None]
"""(booking, now, venue's zone) → why not."""


def structure_open(booking: Booking, now: datetime, zone: str) -> UseRefusal | None:
    """What it has validated before it closed stays so, and is paid."""
    return StructureClosed() if booking.structure_is_closed else None


def not_paid(booking: Booking, now: datetime, zone: str) -> UseRefusal | None:
    paid = booking.has_payment or booking.status is Status.REIMBURSED
    return ReimbursementStarted() if paid else None


def not_used(booking: Booking, now: datetime, zone: str) -> UseRefusal | None:
    return AlreadyUsed() if booking.status is Status.USED else None


def not_cancelled(booking: Booking, now: datetime, zone: str) -> UseRefusal | None:
    return CancelledBooking() if booking.status is Status.CANCELLED else None


def confirmed_by_school(booking: Booking, now: datetime, zone: str) -> UseRefusal | None:
    return NotConfirmedBySchool() if booking.status is Status.PENDING else None


def within_three_days_of_start(booking: Booking, now: datetime, zone: str) -> UseRefusal | None:
    """Until 12 November 2020: not more than 72 h before the event."""
    if booking.starts_at is None:
        return None
    opens_at = booking.starts_at - timedelta(hours=72)
    return NotUsableYet(opens_at, zone) if now < opens_at else None


def firm(booking: Booking, now: datetime, zone: str) -> UseRefusal | None:
    """An event's booking is used once it cannot be cancelled any more; a thing at any time."""
    limit = booking.cancellation_limit_at
    if booking.is_dated and limit is not None and not booking.is_firm(now):
        return NotUsableYet(limit, zone)
    return None


_STATE_FIRST: tuple[Check, ...] = (not_paid, not_used, not_cancelled, confirmed_by_school)

USE_CHECKS: DatedTable[tuple[Check, ...]] = DatedTable(
    "when a contremarque can be validated",
    keyed_by="date of use",
    rows=(
        row(
            BEGINNING,
            (*_STATE_FIRST, within_three_days_of_start),
            source="domain.md §4.4, §8 (A)",
            note="not more than 72 h before the start",
        ),
        row(
            midnight("Europe/Paris", 2020, 11, 13),
            (*_STATE_FIRST, firm),
            source="domain.md §4.4, §8 (A)",
            note="once not cancellable any more",
        ),
        row(
            midnight("Europe/Paris", 2025, 1, 1),
            (structure_open, *_STATE_FIRST, firm),
            source="M bookings/validation.py check_is_usable (since structures can be closed)",
            note="not by a structure that is closed",
        ),
    ),
)


def refuse_use(booking: Booking, now: datetime, zone: str) -> UseRefusal | None:
    """Why the contremarque cannot be validated now, first reason first."""
    for check in USE_CHECKS.at(now):
        refusal = check(booking, now, zone)
        if refusal is not None:
            return refusal
    return None


def refuse_undo(booking: Booking, now: datetime) -> UndoRefusal | None:
    """Why a place cannot undo a validation, in the order of the cash-register API's *keep*."""
    if structure_open in USE_CHECKS.at(now) and booking.structure_is_closed:
        return StructureClosed()
    if booking.has_activation_code:
        return ActivationCodeGivenOut()
    if booking.status is Status.CANCELLED:
        return CancelledBooking()
    if is_settled(booking, now):
        return ReimbursementStarted()
    if booking.status is not Status.USED:
        return NotUsedYet()
    return None
