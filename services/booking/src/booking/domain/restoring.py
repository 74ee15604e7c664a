"""Restoring a booking that was cancelled though the beneficiary came: used at once, and paid again.

Sources: domain.md §4.3 (support un-cancels and marks as used in one step), §6.1; A, M
tests/core/bookings/test_validation.py (the credit is asked again, by the database there).
"""

from dataclasses import replace
from datetime import datetime

from booking.domain.booking import Booking, Status, Trigger, next_status
from booking.domain.refusals import CreditExpired, InsufficientCredit, NotCancelled
from booking.domain.wallet import CreditRefusal, Envelope, Purchase, Wallet

RestoringRefusal = NotCancelled | CreditExpired | CreditRefusal


def refuse_restoring(
    booking: Booking, purchase: Purchase, credit: Envelope | None, now: datetime
) -> RestoringRefusal | None:
    """Why the booking stays cancelled, first reason first; None when it becomes used.

    `purchase` is what it cost. `credit` is what got the money back and would pay again: the one that had
    paid, or its successor; None for a free booking, which nobody paid. The credit must be alive (its
    expiry is the first instant without it), hold what the booking cost, and have room in the cap it
    counts in: what was spent elsewhere meanwhile stays spent. A free booking is restored whatever
    became of the credit.
    """
    if next_status(booking.status, Trigger.RESTORE, now) is not Status.USED:
        return NotCancelled()
    if purchase.total_cents == 0:
        return None
    if credit is None:
        return InsufficientCredit(missing_cents=purchase.total_cents, remaining_cents=0)
    if credit.expires_at is not None and not credit.is_active(now):
        return CreditExpired(credit.expires_at, booking.timezone)
    # It alone: another credit of the person has not paid this.
    return Wallet((replace(credit, perimeter=None),)).refuse(purchase, now)
