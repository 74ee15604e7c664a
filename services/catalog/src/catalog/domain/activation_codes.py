"""Codes handed out with the bookings of a digital stock (domain.md §3.3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from catalog.domain.refusals.stock import CodesExpireTooEarly, CodesNeedBookingLimit, CodesNeedDigitalOffer

ActivationCodesRefusal = CodesNeedDigitalOffer | CodesNeedBookingLimit | CodesExpireTooEarly

MIN_VALIDITY_AFTER_LIMIT = timedelta(days=7)


def check_activation_codes(
    *, is_digital: bool, booking_limit_at: datetime | None, expires_at: datetime | None
) -> ActivationCodesRefusal | None:
    """Codes that expire need a booking limit at least seven days before (equality allowed)."""
    if not is_digital:
        return CodesNeedDigitalOffer()
    if expires_at is None:
        return None
    if booking_limit_at is None:
        return CodesNeedBookingLimit()
    earliest = booking_limit_at + MIN_VALIDITY_AFTER_LIMIT
    return CodesExpireTooEarly(earliest) if expires_at < earliest else None


def quantity_of(codes: Sequence[str]) -> int:
    """A stock with codes offers as many places as it has distinct codes."""
    return len(set(codes))
