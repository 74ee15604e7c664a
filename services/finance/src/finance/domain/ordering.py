"""The order in which bookings push the counters (domain.md §5.1, §5.5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.dated import midnight
from finance.domain.bookings import UsedBooking

ORDERED_BY_EVENT_SINCE: Final = midnight("Europe/Paris", 2022, 1, 1)
"""Used from here on, a booking is ordered by what happened last: pricing point, event, use."""


def ordered_at(
    used_at: datetime, event_starts_at: datetime | None, pricing_point_since: datetime | None = None
) -> datetime:
    """The instant that orders a booking inside its counter.

    2021: the date of use. 2022+: the latest of the date of use, the start of the event and the
    date the venue was given its pricing point.
    """
    if used_at < ORDERED_BY_EVENT_SINCE:
        return used_at
    latest = used_at
    if event_starts_at is not None and event_starts_at > latest:
        latest = event_starts_at
    if pricing_point_since is not None and pricing_point_since > latest:
        latest = pricing_point_since
    return latest


def in_pricing_order(
    bookings: Iterable[UsedBooking], paid_as: Mapping[UUID, int] | None = None
) -> list[UsedBooking]:
    """Bookings in the order they push their counters: a total order, whatever order they came in.

    `paid_as` gives the payment number of bookings already paid; in the years of payments
    (until 2021) these come first, by number. Then by `ordered_at`, date of use and id.
    """
    paid = paid_as or {}

    def key(booking: UsedBooking) -> tuple[bool, int, datetime, datetime, UUID]:
        in_years_of_payments = booking.used_at < ORDERED_BY_EVENT_SINCE
        payment = paid.get(booking.booking_id) if in_years_of_payments else None
        return (
            payment is None,
            payment or 0,
            ordered_at(booking.used_at, booking.event_starts_at, booking.pricing_point_since),
            booking.used_at,
            booking.booking_id,
        )

    return sorted(bookings, key=key)
