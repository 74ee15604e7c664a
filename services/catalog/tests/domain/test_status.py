from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import OfferFacts, PlaceFacts, StockFacts, StructureStatus
from catalog.domain.status import OFFER_STATUSES, OfferStatus, offer_status
from catalog.domain.visibility import is_searchable

IN_2021 = datetime(2021, 11, 17, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
VALIDATED = PlaceFacts(StructureStatus.VALIDATED)


def offer(*stocks: StockFacts, at: datetime = NOW, **facts: object) -> OfferFacts:
    return replace(OfferFacts(OfferValidation.APPROVED, True, stocks, published_at=at - HOUR), **facts)


def seat(at: datetime = NOW, **facts: object) -> StockFacts:
    return replace(StockFacts(10_00, 5, starts_at=at + HOUR, booking_limit_at=at + HOUR), **facts)


@pytest.fixture(params=[IN_2021, NOW], ids=["2021", "2024+"])
def at(request):
    return request.param


def test_E80_active_and_approved_without_stock_is_sold_out(at):
    assert offer_status(offer(at=at), at) is OfferStatus.SOLD_OUT
    assert offer_status(offer(seat(at, is_deleted=True), at=at), at) is OfferStatus.SOLD_OUT


def test_E81_inactive_comes_before_expired(at):
    expired = seat(at, booking_limit_at=at)
    off = offer(expired, at=at, is_active=False, published_at=None)
    assert offer_status(off, at) is OfferStatus.INACTIVE
    assert offer_status(offer(expired, at=at), at) is OfferStatus.EXPIRED


def test_E82_a_started_event_is_sold_out_and_expired_only_by_its_limit(at):
    started = seat(at, starts_at=at - HOUR, booking_limit_at=None)
    assert offer_status(offer(started, at=at), at) is OfferStatus.SOLD_OUT
    limited = replace(started, booking_limit_at=at - HOUR)
    assert offer_status(offer(limited, at=at), at) is OfferStatus.EXPIRED


def test_E79_active_for_its_pro_and_yet_not_searchable_before_the_structure_is_validated(at):
    made = offer(seat(at), at=at)
    assert offer_status(made, at) is OfferStatus.ACTIVE
    assert not is_searchable(made, PlaceFacts(StructureStatus.PENDING), at)
    assert is_searchable(made, VALIDATED, at)


@pytest.mark.parametrize(
    ("validation", "status"),
    [
        (OfferValidation.REJECTED, OfferStatus.REJECTED),
        (OfferValidation.PENDING, OfferStatus.PENDING),
        (OfferValidation.DRAFT, OfferStatus.DRAFT),
    ],
)
def test_the_verdict_comes_first(at, validation, status):
    hidden = offer(at=at, validation=validation, is_active=False, published_at=None)
    assert offer_status(hidden, at) is status


def test_expired_needs_every_live_limit_to_have_passed(at):
    passed, open_ = seat(at, booking_limit_at=at), seat(at)
    assert offer_status(offer(passed, open_, at=at), at) is OfferStatus.ACTIVE
    assert offer_status(offer(passed, replace(open_, is_deleted=True), at=at), at) is OfferStatus.EXPIRED
    no_limit = seat(at, booking_limit_at=None)
    assert offer_status(offer(passed, no_limit, at=at), at) is OfferStatus.ACTIVE


def test_sold_out_counts_places_and_starts(at):
    assert offer_status(offer(seat(at, booked=5), at=at), at) is OfferStatus.SOLD_OUT
    assert offer_status(offer(seat(at, booked=4), at=at), at) is OfferStatus.ACTIVE
    assert offer_status(offer(seat(at, quantity=None, booked=900), at=at), at) is OfferStatus.ACTIVE
    undated = seat(at, starts_at=None, booking_limit_at=None)
    assert offer_status(offer(undated, at=at), at) is OfferStatus.ACTIVE
    starting = seat(at, starts_at=at, booking_limit_at=None)
    assert offer_status(offer(starting, at=at), at) is OfferStatus.SOLD_OUT


def test_scheduled_and_published_exist_since_2024():
    tomorrow = NOW + timedelta(days=1)
    assert offer_status(offer(seat(), published_at=tomorrow), NOW) is OfferStatus.SCHEDULED
    assert offer_status(offer(seat(), published_at=NOW), NOW) is OfferStatus.ACTIVE
    assert offer_status(offer(seat(), booking_allowed_at=tomorrow), NOW) is OfferStatus.PUBLISHED
    assert offer_status(offer(seat(), booking_allowed_at=NOW), NOW) is OfferStatus.ACTIVE


def test_the_dates_count_from_the_first_instant_of_2024():
    first = datetime(2023, 12, 31, 23, tzinfo=UTC)
    last = first - timedelta(microseconds=1)
    later = offer(seat(first), published_at=first + HOUR)
    assert offer_status(later, last) is OfferStatus.ACTIVE
    assert offer_status(later, first) is OfferStatus.SCHEDULED
    switched_off = offer(seat(first), at=last, is_active=False)
    assert offer_status(switched_off, last) is OfferStatus.INACTIVE
    assert offer_status(switched_off, first) is OfferStatus.ACTIVE


moments = st.none() | st.integers(-3, 3).map(lambda hours: NOW + hours * HOUR)
stocks = st.builds(
    StockFacts,
    price_cents=st.integers(0, 100),
    quantity=st.none() | st.integers(0, 3),
    starts_at=moments,
    booking_limit_at=moments,
    booked=st.integers(0, 3),
    is_deleted=st.booleans(),
)
offers = st.builds(
    OfferFacts,
    validation=st.sampled_from(OfferValidation),
    is_active=st.booleans(),
    stocks=st.lists(stocks, max_size=3).map(tuple),
    published_at=moments,
    booking_allowed_at=moments,
    is_educational=st.booleans(),
)


@given(offers, st.sampled_from([NOW.replace(year=2019), NOW.replace(year=2022), NOW]))
def test_every_offer_has_exactly_one_status_and_searchable_means_active(facts, instant):
    status = offer_status(facts, instant)
    assert status in OfferStatus
    if instant == NOW and is_searchable(facts, VALIDATED, instant):
        assert status is OfferStatus.ACTIVE


def test_every_edition_ends_with_a_status_that_always_matches():
    empty = OfferFacts(OfferValidation.APPROVED, True, ())
    assert OFFER_STATUSES.rows
    for edition in OFFER_STATUSES.rows:
        status, matches = edition.value[-1]
        assert status is OfferStatus.ACTIVE
        assert matches(empty, NOW)
