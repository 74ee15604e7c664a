"""Bookings made from the few values a test is about."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from chassis.dated import BEGINNING, DatedTable, row
from finance.domain.bareme import BAREME, Edition
from finance.domain.bookings import UsedBooking
from finance.domain.counters import Counters, counter_key
from finance.domain.custom_rules import CustomRule, CustomRules
from finance.domain.pricing import Pricer, Pricing

VENUE, STRUCTURE, OFFER = UUID(int=11), UUID(int=22), UUID(int=33)
NOVEMBER_2021 = datetime(2021, 11, 10, 12, tzinfo=UTC)

MakeBooking = Callable[..., UsedBooking]
PriceAt = Callable[..., Pricing]


def _booking(
    price_cents: int = 1_000,
    subcategory: str = "CONCERT",
    *,
    quantity: int = 1,
    used_at: datetime = NOVEMBER_2021,
    number: int = 1,
    venue: UUID = VENUE,
    structure: UUID = STRUCTURE,
    created_at: datetime | None = None,
    event_starts_at: datetime | None = None,
    is_collective: bool = False,
    pricing_point_since: datetime | None = None,
) -> UsedBooking:
    return UsedBooking(
        booking_id=UUID(int=number),
        structure_id=structure,
        venue_id=venue,
        pricing_point_id=venue,
        offer_id=OFFER,
        subcategory_id=subcategory,
        unit_price_cents=price_cents,
        quantity=quantity,
        created_at=created_at or used_at,
        used_at=used_at,
        event_starts_at=event_starts_at,
        is_collective=is_collective,
        pricing_point_since=pricing_point_since,
    )


@pytest.fixture(scope="session")
def make_booking() -> MakeBooking:
    return _booking


@pytest.fixture(scope="session")
def price_at() -> PriceAt:
    """Price one booking given the revenue counted before it (cents)."""

    def price(booking: UsedBooking, rev_cents: int = 0, *rules: CustomRule) -> Pricing:
        counters = Counters()
        rule = BAREME.at(booking.used_at).counter
        counters.start_at(counter_key(rule, booking, booking.used_at), rev_cents)
        return Pricer(custom_rules=CustomRules(rules), counters=counters).price(booking)

    return price


@pytest.fixture(scope="session")
def code_of_november_2021() -> DatedTable[Edition]:
    """The edition of 2021-11 for bookings of any date, as the code of that month would price them."""
    edition = BAREME.at(NOVEMBER_2021)
    return DatedTable("barème of 2021-11", "date of use", (row(BEGINNING, edition, source="domain.md §7.1"),))
