"""What a fortnight that is over makes final: its bookings are paid, whether finance has said so yet or not.

Source: domain.md §5.3 (bookings validated 1 – 15 and 16 – end of month; cutoff at midnight in Paris, exclusive)
and §5.5 (a booking is taken once its event has begun before the cutoff). A payment is known here only by an
event, which may be late: between the cutoff and that event, the calendar says it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from booking.domain.booking import Booking, Status
from chassis.dated import BEGINNING, DatedTable, midnight, row

_PARIS: Final = ZoneInfo("Europe/Paris")
_SECOND_HALF_FROM: Final = 16

Cutoff = Callable[[datetime], datetime]


def fortnight_began(now: datetime) -> datetime:
    """Midnight in Paris, in UTC, of the 1st or the 16th: the newest cutoff at or before `now`."""
    today = now.astimezone(_PARIS).date()
    first_day = today.replace(day=_SECOND_HALF_FROM if today.day >= _SECOND_HALF_FROM else 1)
    return datetime.combine(first_day, time.min, _PARIS).astimezone(UTC)


CUTOFFS: DatedTable[Cutoff | None] = DatedTable(
    "cutoff after which a validation is final",
    keyed_by="date of the move",
    rows=(
        row(
            BEGINNING,
            None,
            source="domain.md §4.4, §5.3 (A)",
            note="until a payment exists, whenever the batch is run",
        ),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            fortnight_began,
            source="domain.md §5.3 (S3), §5.5 (M: cutoff = end of period, Paris)",
            note="decided here: between the cutoff and the word of finance, the calendar forbids",
        ),
    ),
)


def is_paid_by(booking: Booking, paid_at: datetime) -> bool:
    """Whether a payment made at `paid_at` pays for the use that the booking has now.

    A close pays what was used before its cutoff, which is at most the newest one when it pays. Used at
    or after that, the booking was undone and validated again: that use is for a later close, and finance
    takes the former payment back.
    """
    if booking.status is not Status.USED or booking.used_at is None:
        return False
    cutoff_of = CUTOFFS.at(paid_at)
    return booking.used_at < (paid_at if cutoff_of is None else cutoff_of(paid_at))


def is_settled(booking: Booking, now: datetime) -> bool:
    """Whether a used booking is paid, or taken by a fortnight that is over.

    Taken: it was used before the cutoff, and its event, if it has one, had begun before it.
    """
    if booking.has_payment or booking.status is Status.REIMBURSED:
        return True
    cutoff_of = CUTOFFS.at(now)
    if cutoff_of is None or booking.status is not Status.USED or booking.used_at is None:
        return False
    cutoff = cutoff_of(now)
    return booking.used_at < cutoff and (booking.starts_at is None or booking.starts_at < cutoff)
