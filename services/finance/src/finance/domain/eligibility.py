"""Which used bookings a run takes (domain.md §5.3, §5.5)."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Final, NamedTuple

from finance.domain.judging import PIPELINE, Pipeline


class Candidate(NamedTuple):
    """What decides whether a booking is taken. `event_starts_at` is None for a thing."""

    used_at: datetime | None
    is_cancelled: bool
    event_starts_at: datetime | None
    already_paid: bool


class Run(NamedTuple):
    """One run of the batch: the end of the period (exclusive) and when it runs."""

    cutoff: datetime
    run_at: datetime


def events_begun_before(run: Run) -> datetime:
    """Events are paid when they start strictly before this instant.

    Until 2021: on a day (UTC) before the day of the run. Since 2022: before the cutoff.
    """
    if PIPELINE.at(run.run_at) is Pipeline.PRICINGS:
        return run.cutoff
    return datetime.combine(run.run_at.astimezone(UTC).date(), time.min, UTC)


class LeftOut(StrEnum):
    """Why a booking is not taken by this run; all but the first two may be taken by a later one."""

    CANCELLED = "cancelled"
    ALREADY_PAID = "already paid"
    NOT_USED = "not used yet"
    USED_AFTER_CUTOFF = "used after the cutoff"
    EVENT_NOT_BEGUN = "the event has not begun"


def _cancelled(booking: Candidate, run: Run) -> LeftOut | None:
    return LeftOut.CANCELLED if booking.is_cancelled else None


def _already_paid(booking: Candidate, run: Run) -> LeftOut | None:
    """Any payment counts, whatever its status."""
    return LeftOut.ALREADY_PAID if booking.already_paid else None


def _not_used(booking: Candidate, run: Run) -> LeftOut | None:
    return LeftOut.NOT_USED if booking.used_at is None else None


def _used_after_cutoff(booking: Candidate, run: Run) -> LeftOut | None:
    assert booking.used_at is not None
    return LeftOut.USED_AFTER_CUTOFF if booking.used_at >= run.cutoff else None


def _event_not_begun(booking: Candidate, run: Run) -> LeftOut | None:
    if booking.event_starts_at is None or booking.event_starts_at < events_begun_before(run):
        return None
    return LeftOut.EVENT_NOT_BEGUN


_RULES: Final[tuple[Callable[[Candidate, Run], LeftOut | None], ...]] = (
    _cancelled,
    _already_paid,
    _not_used,
    _used_after_cutoff,
    _event_not_begun,
)


def left_out(booking: Candidate, run: Run) -> LeftOut | None:
    """Why this run leaves a booking out, first reason first; None when it is taken."""
    for rule in _RULES:
        reason = rule(booking, run)
        if reason is not None:
            return reason
    return None


def makes_a_payment(reimbursed_cents: int) -> bool:
    """Free and 0 % bookings never make a payment and stay used for ever (domain.md §5.3)."""
    return reimbursed_cents > 0
