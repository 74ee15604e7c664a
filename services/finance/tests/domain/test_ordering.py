from datetime import UTC, datetime, timedelta
from uuid import UUID

from finance.domain.ordering import in_pricing_order, ordered_at

USED = datetime(2026, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
LAST_OF_2021 = datetime(2021, 12, 31, 23, tzinfo=UTC) - timedelta(microseconds=1)


def test_since_2022_the_latest_of_use_event_and_pricing_point_orders():
    assert ordered_at(USED, None) == USED
    assert ordered_at(USED, USED - HOUR, USED - HOUR) == USED
    assert ordered_at(USED, USED + HOUR) == USED + HOUR
    assert ordered_at(USED, None, USED + HOUR) == USED + HOUR
    assert ordered_at(USED, USED + HOUR, USED + 2 * HOUR) == USED + 2 * HOUR
    assert ordered_at(USED, USED + 2 * HOUR, USED + HOUR) == USED + 2 * HOUR


def test_until_2021_only_the_date_of_use_orders():
    assert ordered_at(LAST_OF_2021, LAST_OF_2021 + HOUR) == LAST_OF_2021
    first_of_2022 = LAST_OF_2021 + timedelta(microseconds=1)
    assert ordered_at(first_of_2022, first_of_2022 + HOUR) == first_of_2022 + HOUR


def test_ties_are_settled_by_date_of_use_then_by_id(make_booking):
    start = USED + HOUR
    late = make_booking(number=1, used_at=USED + timedelta(minutes=1), event_starts_at=start)
    twin = make_booking(number=3, used_at=USED, event_starts_at=start)
    early = make_booking(number=2, used_at=USED, event_starts_at=start)
    ordered = in_pricing_order([late, twin, early])
    assert [booking.booking_id.int for booking in ordered] == [2, 3, 1]


def test_bookings_are_sorted_by_what_happened_last(make_booking):
    thing = make_booking(number=1, used_at=USED + HOUR)
    event = make_booking(number=2, used_at=USED, event_starts_at=USED + 2 * HOUR)
    linked = make_booking(number=3, used_at=USED, pricing_point_since=USED + 3 * HOUR)
    assert in_pricing_order([linked, event, thing]) == [thing, event, linked]


def test_the_first_booking_of_2022_is_ordered_by_its_event_not_by_a_payment(make_booking):
    new_year = LAST_OF_2021 + timedelta(microseconds=1)
    first = make_booking(number=1, used_at=new_year, event_starts_at=new_year + 2 * HOUR)
    second = make_booking(number=2, used_at=new_year + HOUR)
    assert in_pricing_order([first, second], {UUID(int=1): 1}) == [second, first]


def test_until_2021_bookings_already_paid_come_first_by_payment_number(make_booking):
    bookings = [make_booking(number=n, used_at=LAST_OF_2021 - n * HOUR) for n in (1, 2, 3, 4)]
    paid_as = {UUID(int=1): 10, UUID(int=2): 20}
    assert [b.booking_id.int for b in in_pricing_order(bookings, paid_as)] == [1, 2, 4, 3]


def test_since_2022_payments_order_nothing(make_booking):
    bookings = [make_booking(number=1, used_at=USED + HOUR), make_booking(number=2, used_at=USED)]
    assert [b.booking_id.int for b in in_pricing_order(bookings, {UUID(int=1): 1})] == [2, 1]


def test_all_of_2021_comes_before_2022(make_booking):
    old = make_booking(number=2, used_at=LAST_OF_2021)
    new = make_booking(number=1, used_at=LAST_OF_2021 + timedelta(microseconds=1))
    assert in_pricing_order([new, old], {}) == [old, new]
