"""What a visitor may ask, and what the filters mean (domain.md §3.7)."""

from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from search.domain.geography import Position
from search.domain.matching import SlotMatcher
from search.domain.query import MIN_RADIUS_KM, Filters, Hours, InvalidSearch, Near, SearchQuery, Sort
from search.domain.words import typos_allowed


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("near.latitude", lambda now: Near(Position(90.01, 0))),
        ("near.latitude", lambda now: Near(Position(float("nan"), 0))),
        ("near.longitude", lambda now: Near(Position(0, -180.01))),
        ("near.radiusKm", lambda now: Near(Position(0, 0), -0.1)),
        ("near.radiusKm", lambda now: Near(Position(0, 0), float("inf"))),
        ("near.radiusKm", lambda now: Near(Position(0, 0), float("nan"))),
        ("filters.minPriceCents", lambda now: Filters(min_price_cents=-1)),
        ("filters.maxPriceCents", lambda now: Filters(min_price_cents=2, max_price_cents=1)),
        ("filters.free", lambda now: Filters(free=True, max_price_cents=100)),
        ("filters.subcategories", lambda now: Filters(subcategories=frozenset({"PEINTURE_RUPESTRE"}))),
        ("filters.searchGroups", lambda now: Filters(search_groups=frozenset({"NONE"}))),
        ("filters.dates.until", lambda now: Filters(dates_from=now, dates_until=now - timedelta(seconds=1))),
        ("filters.dates.from", lambda now: Filters(dates_from=now.replace(tzinfo=None))),
        ("sort", lambda now: SearchQuery(now, sort=Sort.DISTANCE)),
        ("query", lambda now: SearchQuery(now, text="a" * 201)),
        ("first", lambda now: SearchQuery(now, limit=0)),
        ("first", lambda now: SearchQuery(now, limit=101)),
    ],
)
def test_nonsense_is_refused_and_named(given: SimpleNamespace, field: str, make: Any) -> None:
    with pytest.raises(InvalidSearch) as refused:
        make(given.now)
    assert refused.value.field == field
    assert refused.value.message.startswith(f"« {field} » ")


def test_radius_zero_is_the_smallest_positive_one() -> None:
    assert Near(Position(0, 0), 0).radius_km == MIN_RADIUS_KM
    assert Near(Position(0, 0)).radius_km == 100
    assert Near(Position(0, 0), None).radius_km is None


def test_all_three_kinds_are_the_same_as_none() -> None:
    assert Filters(online=True, events=True, things=True).kinds == Filters().kinds == frozenset()
    assert Filters(online=True, events=True).kinds == {"online", "event"}


@for_all(st.times(), st.times(), st.integers(0, 86_399))
def test_hours_hold_both_ends_and_go_over_midnight(start: time, end: time, second: int) -> None:
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    moment = time(second // 3600, second // 60 % 60, second % 60)
    expected = start <= moment <= end if start <= end else moment >= start or moment <= end

    hours = Hours(start, end)

    assert hours.hold(second) == expected
    assert not expected or moment.hour in hours.whole_hours()


@pytest.mark.parametrize(
    ("word", "slips"),
    [("jaz", 0), ("jazz", 1), ("concert", 1), ("theatres", 2), ("2026", 0), ("9782070584628", 0)],
)
def test_one_slip_from_four_letters_and_two_from_eight_none_in_numbers(word: str, slips: int) -> None:
    assert typos_allowed(word) == slips


def _matching(given: SimpleNamespace, stocks: list[dict[str, Any]], **filters: Any) -> list[int]:
    found = given.document(stocks=stocks)
    slots = SlotMatcher(SearchQuery(given.now, filters=Filters(**filters)))(found.opens_us, found.slots)
    return [slot.price_cents for slot in slots]


def test_price_and_date_must_be_those_of_one_stock(given: SimpleNamespace) -> None:
    friday, saturday = given.now + timedelta(days=5), given.now + timedelta(days=6)
    stocks = [
        {"price_cents": 1000, "starts_at": friday, "booking_limit_at": None},
        {"price_cents": 4000, "starts_at": saturday, "booking_limit_at": None},
    ]

    assert _matching(given, stocks, max_price_cents=2000) == [1000]
    assert _matching(given, stocks, dates_from=saturday) == [4000]
    assert _matching(given, stocks, dates_from=saturday, max_price_cents=2000) == []


def test_dates_hold_both_ends_and_leave_things_out(given: SimpleNamespace) -> None:
    start = given.now + timedelta(days=7)
    thing = {"starts_at": None, "booking_limit_at": None}

    assert _matching(given, [{}], dates_from=start, dates_until=start) == [1500]
    assert _matching(given, [{}], dates_until=start - timedelta(microseconds=1)) == []
    assert _matching(given, [thing], dates_from=given.now) == []


def test_free_is_price_zero_and_prices_hold_both_ends(given: SimpleNamespace) -> None:
    stocks = [{"price_cents": cents} for cents in (0, 1, 300, 301)]

    assert _matching(given, stocks, free=True) == [0]
    assert _matching(given, stocks, min_price_cents=1, max_price_cents=300) == [1, 300]


def test_newest_are_the_stocks_of_the_last_fifteen_days(given: SimpleNamespace) -> None:
    fifteen = given.now - timedelta(days=15)

    assert _matching(given, [{"created_at": fifteen}], newest=True) == [1500]
    assert _matching(given, [{"created_at": fifteen - timedelta(microseconds=1)}], newest=True) == []


def test_as_time_passes_stocks_drop_out(given: SimpleNamespace) -> None:
    found = given.document(stocks=[{"booking_limit_at": given.now + timedelta(days=1)}, {"price_cents": 9}])
    tomorrow = SearchQuery(given.now + timedelta(days=1))
    before = SearchQuery(given.now - timedelta(days=30))

    assert [slot.price_cents for slot in SlotMatcher(tomorrow)(found.opens_us, found.slots)] == [9]
    assert SlotMatcher(before)(found.opens_us, found.slots) == []
