"""Plain values of the domain, made short for the tests: only what a test is about is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from booking.domain.booking import Booking, Status
from booking.domain.cancellation import cancellation_limit
from booking.domain.policies import Attempt, Booker
from booking.domain.stock import Stock
from booking.domain.subcategories import subcategory_of
from booking.domain.wallet import Envelope, Wallet

PERSON = UUID("018f0000-0000-7000-8000-000000000001")
NOW = datetime(2021, 11, 1, 10, tzinfo=UTC)
JUST = timedelta(microseconds=1)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def v1(**spent: Any) -> Envelope:
    """GRANT_18 of 2019: 500 €, 200 € digital, 200 € physical."""
    return replace(
        Envelope("v1", 500_00, digital_cap_cents=200_00, physical_cap_cents=200_00),
        **spent,
    )


def v2(**spent: Any) -> Envelope:
    """GRANT_18 of 2021: 300 €, 100 € digital, no physical cap."""
    return replace(Envelope("v2", 300_00, digital_cap_cents=100_00), **spent)


def attempt(
    subcategory: str = "CONCERT",
    price_cents: int = 10_00,
    *,
    now: datetime = NOW,
    quantity: int = 1,
    envelope: Envelope | None = None,
    envelopes: tuple[Envelope, ...] | None = None,
    is_beneficiary: bool = True,
    is_minor: bool = False,
    stock: dict[str, Any] | None = None,
    **facts: Any,
) -> Attempt:
    if envelopes is None:
        envelopes = (envelope or v2(),)
    return Attempt(
        now=now,
        quantity=quantity,
        stock=Stock(price_cents, **{"capacity": 100, "taken": 0, **(stock or {})}),
        subcategory=subcategory_of(subcategory),
        booker=Booker(is_beneficiary, is_minor, Wallet(envelopes)),
        **facts,
    )


def booking(
    subcategory: str = "CONCERT",
    status: Status = Status.CONFIRMED,
    *,
    created_at: datetime = NOW,
    starts_at: datetime | None = None,
    **facts: Any,
) -> Booking:
    kind = subcategory_of(subcategory)
    if starts_at is None and kind.is_event:
        starts_at = utc(2021, 11, 20, 20)
    limit = cancellation_limit(kind, starts_at, created_at)
    return Booking(PERSON, status, kind, created_at, starts_at, cancellation_limit_at=limit, **facts)
