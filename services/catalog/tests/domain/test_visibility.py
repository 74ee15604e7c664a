from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import OfferFacts, PlaceFacts, StockFacts, StructureStatus
from catalog.domain.status import OfferStatus, offer_status
from catalog.domain.visibility import (
    CONDITIONS,
    EXPLANATIONS,
    Condition,
    is_searchable,
    is_shown_in_app,
    is_stock_bookable,
    missing_for_offer,
    missing_for_stock,
)

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
SEAT = StockFacts(10_00, 5, starts_at=NOW + DAY, booking_limit_at=NOW + DAY)
OFFER = OfferFacts(OfferValidation.APPROVED, True, (SEAT,), published_at=NOW)
PLACE = PlaceFacts(StructureStatus.VALIDATED)


def test_nothing_is_missing_from_a_bookable_offer():
    assert missing_for_offer(OFFER, PLACE, NOW) == ()
    assert is_searchable(OFFER, PLACE, NOW)
    assert is_stock_bookable(SEAT, OFFER, PLACE, NOW)


@pytest.mark.parametrize(
    ("offer", "place", "missing"),
    [
        (OFFER, PlaceFacts(StructureStatus.PENDING), Condition.STRUCTURE_VALIDATED),
        (OFFER, PlaceFacts(StructureStatus.REJECTED), Condition.STRUCTURE_OPEN),
        (OFFER, PlaceFacts(StructureStatus.CLOSED), Condition.STRUCTURE_OPEN),
        (OFFER, replace(PLACE, venue_is_validated=False), Condition.VENUE_VALIDATED),
        (replace(OFFER, validation=OfferValidation.DRAFT), PLACE, Condition.OFFER_APPROVED),
        (replace(OFFER, validation=OfferValidation.PENDING), PLACE, Condition.OFFER_APPROVED),
        (replace(OFFER, validation=OfferValidation.REJECTED), PLACE, Condition.OFFER_APPROVED),
        (replace(OFFER, published_at=None), PLACE, Condition.OFFER_PUBLISHED),
        (replace(OFFER, published_at=NOW + INSTANT), PLACE, Condition.OFFER_PUBLISHED),
        (replace(OFFER, booking_allowed_at=NOW + INSTANT), PLACE, Condition.BOOKING_ALLOWED),
        (replace(OFFER, stocks=()), PLACE, Condition.HAS_BOOKABLE_STOCK),
    ],
)
def test_each_condition_of_an_offer_by_its_name(offer, place, missing):
    assert missing_for_offer(offer, place, NOW) == (missing,)
    assert is_searchable(offer, place, NOW) is (missing is Condition.BOOKING_ALLOWED)


def test_O05_what_is_published_is_found_before_its_bookings_open_since_2025():
    first = datetime(2024, 12, 31, 23, tzinfo=UTC)
    announced = replace(OFFER, published_at=first - DAY, booking_allowed_at=first + DAY)
    for now, found in ((first - INSTANT, False), (first, True)):
        assert missing_for_offer(announced, PLACE, now) == (Condition.BOOKING_ALLOWED,)
        assert is_searchable(announced, PLACE, now) is found
        assert is_shown_in_app(announced, PLACE, now) is found
        assert not is_stock_bookable(SEAT, announced, PLACE, now)
        assert offer_status(announced, now) is OfferStatus.PUBLISHED


def test_O05_what_is_announced_lacks_nothing_else():
    announced = replace(OFFER, booking_allowed_at=NOW + DAY)
    assert not is_searchable(replace(announced, published_at=NOW + INSTANT), PLACE, NOW)
    assert not is_searchable(replace(announced, stocks=()), PLACE, NOW)
    assert not is_searchable(announced, PlaceFacts(StructureStatus.PENDING), NOW)
    assert not is_searchable(replace(announced, validation=OfferValidation.PENDING), PLACE, NOW)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"is_deleted": True}, Condition.STOCK_NOT_DELETED),
        ({"starts_at": NOW}, Condition.EVENT_TO_COME),
        ({"booking_limit_at": NOW}, Condition.BOOKING_LIMIT_TO_COME),
        ({"booked": 5}, Condition.PLACES_LEFT),
        ({"booked": 6}, Condition.PLACES_LEFT),
        ({"quantity": 0}, Condition.PLACES_LEFT),
    ],
)
def test_each_condition_of_a_stock_by_its_name(change, missing):
    stock = replace(SEAT, **change)
    assert missing_for_stock(stock, NOW) == (missing,)
    assert not is_stock_bookable(stock, OFFER, PLACE, NOW)
    assert missing_for_offer(replace(OFFER, stocks=(stock,)), PLACE, NOW) == (Condition.HAS_BOOKABLE_STOCK,)
    assert is_searchable(replace(OFFER, stocks=(stock, SEAT)), PLACE, NOW)


def test_E46_limit_or_start_at_this_very_instant_is_not_bookable():
    assert missing_for_stock(replace(SEAT, starts_at=NOW), NOW)
    assert missing_for_stock(replace(SEAT, booking_limit_at=NOW), NOW)
    assert not missing_for_stock(replace(SEAT, starts_at=NOW + INSTANT, booking_limit_at=NOW + INSTANT), NOW)


def test_a_thing_without_dates_and_without_end_is_bookable():
    assert missing_for_stock(StockFacts(5_00, None, booked=9_999), NOW) == ()


def test_booking_opens_at_the_instant_given():
    assert is_searchable(replace(OFFER, booking_allowed_at=NOW), PLACE, NOW)


def test_offers_for_classes_are_indexed_and_not_shown_in_the_app():
    educational = replace(OFFER, is_educational=True)
    assert is_searchable(educational, PLACE, NOW)
    assert not is_shown_in_app(educational, PLACE, NOW)
    assert is_shown_in_app(OFFER, PLACE, NOW)
    assert not is_shown_in_app(replace(OFFER, stocks=()), PLACE, NOW)


def test_paid_offers_are_hidden_until_mid_october_2018():
    opening = datetime(2018, 10, 14, 22, tzinfo=UTC)
    paid = replace(SEAT, starts_at=opening + DAY, booking_limit_at=None)
    assert missing_for_stock(paid, opening - INSTANT) == (Condition.PRICE_SHOWN,)
    assert missing_for_stock(paid, opening) == ()
    assert missing_for_stock(replace(paid, price_cents=0), opening - INSTANT) == ()


def test_the_limit_itself_was_bookable_until_2021():
    first = datetime(2020, 12, 31, 23, tzinfo=UTC)
    for now, missing in ((first - INSTANT, ()), (first, (Condition.BOOKING_LIMIT_TO_COME,))):
        assert missing_for_stock(replace(SEAT, booking_limit_at=now), now) == missing
    past = replace(SEAT, booking_limit_at=first - 2 * INSTANT)
    assert missing_for_stock(past, first - INSTANT) == (Condition.BOOKING_LIMIT_TO_COME,)


def test_the_switch_decided_until_2024_and_the_dates_since():
    first = datetime(2023, 12, 31, 23, tzinfo=UTC)
    switched_off = replace(OFFER, is_active=False, published_at=first - DAY)
    undated = replace(OFFER, published_at=None, booking_allowed_at=first + DAY)
    assert missing_for_offer(switched_off, PLACE, first - INSTANT) == (Condition.OFFER_PUBLISHED,)
    assert missing_for_offer(switched_off, PLACE, first) == ()
    assert missing_for_offer(undated, PLACE, first - INSTANT) == ()
    assert missing_for_offer(undated, PLACE, first) == (Condition.OFFER_PUBLISHED, Condition.BOOKING_ALLOWED)


def test_every_condition_is_explained_in_french():
    assert set(EXPLANATIONS) == set(Condition)
    used = {name for row in CONDITIONS.rows for name, _ in (*row.value.offer, *row.value.stock)}
    assert used | {Condition.HAS_BOOKABLE_STOCK} == set(Condition)


@given(
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from([None, -1, 0, 1]),
    st.sampled_from([None, -1, 0, 1]),
    st.booleans(),
)
def test_a_stock_once_past_never_becomes_bookable_again(quantity, booked, start, limit, deleted):
    def moment(days):
        return None if days is None else NOW + days * DAY

    stock = StockFacts(0, quantity, moment(start), moment(limit), booked, deleted)
    assume(missing_for_stock(stock, NOW))
    assert missing_for_stock(stock, NOW + DAY)
