"""Until when a booking can be undone, and by whom (domain.md §4.3, §8)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from booking.domain.booking import Booking, CancellationReason, Status, Trigger, next_status
from booking.domain.fortnights import is_settled
from booking.domain.refusals import (
    AlreadyCancelled,
    AlreadyUsed,
    FirmBooking,
    NotToBeCancelled,
    ReimbursementStarted,
)
from booking.domain.subcategories import Subcategory
from chassis.dated import BEGINNING, DatedTable, midnight, row

_PARIS = "Europe/Paris"

# -- the limit ---------------------------------------------------------------------------------

EventLimit = Callable[[datetime, datetime], datetime]
"""(start of the event, reference: the booking, or the edit of the start) → first firm instant."""


def firm_at_once(starts_at: datetime, reference: datetime) -> datetime:
    return reference


def two_days_before_start(starts_at: datetime, reference: datetime) -> datetime:
    return starts_at - timedelta(hours=48)


def three_days_before_start(starts_at: datetime, reference: datetime) -> datetime:
    return starts_at - timedelta(hours=72)


def two_days_to_think_three_before_start(starts_at: datetime, reference: datetime) -> datetime:
    """Never before the reference, here and below: what is booked too late to be undone is firm at once."""
    return max(min(starts_at - timedelta(hours=72), reference + timedelta(hours=48)), reference)


def two_days_to_think_two_before_start(starts_at: datetime, reference: datetime) -> datetime:
    return max(min(starts_at - timedelta(hours=48), reference + timedelta(hours=48)), reference)


def two_days_to_think_until_start(starts_at: datetime, reference: datetime) -> datetime:
    """Nobody is locked into a date that was moved near."""
    return max(min(starts_at, reference + timedelta(hours=48)), reference)


EVENT_LIMITS: DatedTable[EventLimit] = DatedTable(
    "cancellation limit of events",
    keyed_by="booking date",
    rows=(
        row(
            BEGINNING,
            firm_at_once,
            source="domain.md §8",
            note="no cancellation by the beneficiary is known before September 2018",
        ),
        row(midnight(_PARIS, 2018, 9, 1), two_days_before_start, source="domain.md §8 (A)"),
        row(
            midnight(_PARIS, 2018, 12, 1),
            three_days_before_start,
            source="domain.md §8; S4",
            note="promised by the guide of December 2018, in the code from 2019-01-17",
        ),
        row(midnight(_PARIS, 2019, 1, 17), three_days_before_start, source="domain.md §8 (A)"),
        row(midnight(_PARIS, 2020, 11, 3), two_days_to_think_three_before_start, source="domain.md §8 (A)"),
        row(
            midnight(_PARIS, 2020, 11, 19),
            two_days_to_think_two_before_start,
            source="domain.md §4.3, §8 (A), S2, S3",
        ),
    ),
)

MOVED_EVENT_LIMITS: DatedTable[EventLimit | None] = DatedTable(
    "cancellation limit of events that were moved",
    keyed_by="date of the edit",
    rows=(
        row(BEGINNING, None, source="domain.md §4.3 (A)", note="as if booked at the edit"),
        row(
            midnight(_PARIS, 2023, 1, 1),
            two_days_to_think_until_start,
            source="M bookings/api.py _compute_edition_cancellation_limit_date (2022-23 to now)",
        ),
    ),
)

BOOK_DEADLINES: DatedTable[timedelta | None] = DatedTable(
    "time to cancel a paper book",
    keyed_by="booking date",
    rows=(
        row(BEGINNING, None, source="domain.md §4.3 (A)"),
        row(midnight(_PARIS, 2018, 12, 1), timedelta(days=7), source="domain.md §8; S4"),
        row(midnight(_PARIS, 2020, 12, 1), None, source="domain.md §8 (A)", note="no deadline any more"),
    ),
)


def cancellation_limit(
    subcategory: Subcategory, starts_at: datetime | None, reference: datetime
) -> datetime | None:
    """First instant at which a booking is firm; None when it can be undone until used or expired.

    `reference` is the instant of booking.
    """
    if starts_at is not None:
        return EVENT_LIMITS.at(reference)(starts_at, reference)
    if subcategory.id == "LIVRE_PAPIER":
        deadline = BOOK_DEADLINES.at(reference)
        return None if deadline is None else reference + deadline
    return None


def limit_when_moved(starts_at: datetime, edited_at: datetime) -> datetime:
    """The new first firm instant of a booking whose event was moved to `starts_at`."""
    limit = MOVED_EVENT_LIMITS.at(edited_at) or EVENT_LIMITS.at(edited_at)
    return limit(starts_at, edited_at)


# -- who may -----------------------------------------------------------------------------------


class Canceller(Enum):
    """Who undoes a booking: the move it makes and the reason that stays written."""

    BENEFICIARY = (Trigger.CANCEL_BY_BENEFICIARY, CancellationReason.BENEFICIARY)
    PRO = (Trigger.CANCEL_BY_PRO, CancellationReason.OFFERER)
    SUPPORT = (Trigger.CANCEL_BY_SUPPORT, CancellationReason.BACKOFFICE)
    STOCK_DELETION = (Trigger.STOCK_DELETED, CancellationReason.OFFERER)
    EXPIRY = (Trigger.EXPIRE, CancellationReason.EXPIRED)
    FRAUD = (Trigger.FRAUD, CancellationReason.FRAUD)
    REJECTION = (Trigger.OFFER_REJECTED, CancellationReason.FRAUD)
    SCHOOL = (Trigger.SCHOOL_REFUSES, CancellationReason.REFUSED_BY_INSTITUTE)
    FINANCE_INCIDENT = (Trigger.FINANCE_INCIDENT, CancellationReason.FINANCE_INCIDENT)

    @property
    def trigger(self) -> Trigger:
        return self.value[0]

    @property
    def reason(self) -> CancellationReason:
        return self.value[1]


OwnCancellationRefusal = AlreadyCancelled | AlreadyUsed | FirmBooking | NotToBeCancelled
CancellationRefusal = OwnCancellationRefusal | ReimbursementStarted

OwnCheck = Callable[[Booking, datetime], OwnCancellationRefusal | None]
Check = Callable[[Booking, datetime], CancellationRefusal | None]


def not_cancelled(booking: Booking, now: datetime) -> OwnCancellationRefusal | None:
    return AlreadyCancelled() if booking.status is Status.CANCELLED else None


def not_used(booking: Booking, now: datetime) -> OwnCancellationRefusal | None:
    return AlreadyUsed() if booking.was_used else None


def not_paid(booking: Booking, now: datetime) -> CancellationRefusal | None:
    """For the team, who may undo what finance has not begun to pay: it then takes the money back."""
    paid = booking.has_payment or booking.status is Status.REIMBURSED
    return ReimbursementStarted() if paid else None


def not_settled(booking: Booking, now: datetime) -> CancellationRefusal | None:
    """For everybody else, once the fortnight in which it was used is over."""
    return ReimbursementStarted() if is_settled(booking, now) else None


def not_a_used_thing(booking: Booking, now: datetime) -> CancellationRefusal | None:
    """Deleting the stock of an event undoes its used bookings too; what was handed over stays so."""
    return AlreadyUsed() if booking.was_used and not booking.is_dated else None


def not_firm(booking: Booking, now: datetime) -> OwnCancellationRefusal | None:
    """The limit itself is too late. What is cancelled already is neither firm nor loose."""
    limit = booking.cancellation_limit_at
    if booking.status is not Status.CANCELLED and limit is not None and booking.is_firm(now):
        return FirmBooking(limit, booking.timezone)
    return None


BENEFICIARY_CHECKS: DatedTable[tuple[OwnCheck, ...]] = DatedTable(
    "cancellation by the beneficiary",
    keyed_by="date of cancellation",
    rows=(
        row(
            BEGINNING,
            (not_used, not_firm),
            source="domain.md §4.3 (A)",
            note="cancelling again is silently accepted and changes nothing",
        ),
        row(
            midnight(_PARIS, 2022, 1, 1),
            (not_cancelled, not_used, not_firm),
            source="domain.md §4.3 (M)",
            note="cancelling again is refused",
        ),
    ),
)

REJECTION_CHECKS: DatedTable[tuple[Check, ...]] = DatedTable(
    "cancellation of what was booked of a rejected offer",
    keyed_by="date of the rejection",
    rows=(
        row(BEGINNING, (not_cancelled, not_used), source="domain.md §4.3 (A)"),
        row(
            midnight(_PARIS, 2023, 1, 1),
            (not_cancelled, not_settled, not_a_used_thing),
            source="M bookings/api.py cancel_bookings_from_rejected_offer",
            note="used bookings of events too",
        ),
    ),
)

_CHECKS: dict[Canceller, tuple[Check, ...]] = {
    Canceller.PRO: (not_cancelled, not_used),
    Canceller.SUPPORT: (not_cancelled, not_paid),
    Canceller.STOCK_DELETION: (not_cancelled, not_settled, not_a_used_thing),
    Canceller.EXPIRY: (not_cancelled, not_used),
    Canceller.FRAUD: (not_cancelled, not_used),
    Canceller.SCHOOL: (not_cancelled,),
    Canceller.FINANCE_INCIDENT: (not_cancelled,),
}


def refuse_own_cancellation(booking: Booking, now: datetime) -> OwnCancellationRefusal | None:
    """Why its beneficiary cannot undo the booking now; None when they can, or when nothing is left to undo.

    That the booking is theirs is settled before: to a stranger it does not exist.
    """
    for check in BENEFICIARY_CHECKS.at(now):
        refusal = check(booking, now)
        if refusal is not None:
            return refusal
    return _not_to_be_cancelled(booking, Canceller.BENEFICIARY, now)


def refuse_cancellation(booking: Booking, by: Canceller, now: datetime) -> CancellationRefusal | None:
    """Why this party cannot undo the booking now; None when it can, or when nothing is left to undo."""
    if by is Canceller.BENEFICIARY:
        return refuse_own_cancellation(booking, now)
    checks = REJECTION_CHECKS.at(now) if by is Canceller.REJECTION else _CHECKS[by]
    for check in checks:
        refusal = check(booking, now)
        if refusal is not None:
            return refusal
    return _not_to_be_cancelled(booking, by, now)


def _not_to_be_cancelled(booking: Booking, by: Canceller, now: datetime) -> NotToBeCancelled | None:
    nothing_left = booking.status is Status.CANCELLED
    if nothing_left or next_status(booking.status, by.trigger, now) is Status.CANCELLED:
        return None
    return NotToBeCancelled()


# -- a start that moves ------------------------------------------------------------------------


def reopens_when_moved(booking: Booking, new_start: datetime, now: datetime) -> bool:
    """Whether a used booking is to be used again: its event moved to later than 48 h from now (§3.3)."""
    return booking.status is Status.USED and new_start > now + timedelta(hours=48)
