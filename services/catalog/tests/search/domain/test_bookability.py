"""A stock is bookable when every condition holds (domain.md §3.4)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.domain.bookability import Condition, bookable_period, unmet

_TICK = timedelta(microseconds=1)


def test_a_bookable_stock_has_no_unmet_condition(given: SimpleNamespace) -> None:
    assert unmet(given.venue(), given.offer(), given.stock(), given.now) == ()


@pytest.mark.parametrize(
    ("condition", "venue", "offer", "stock"),
    [
        (Condition.STOCK_NOT_DELETED, {}, {}, {"is_deleted": True}),
        (Condition.PLACES_LEFT, {}, {}, {"quantity": 10, "booked": 10}),
        (Condition.PLACES_LEFT, {}, {}, {"quantity": 0}),
        (Condition.OFFER_ACTIVE, {}, {"is_active": False}, {}),
        (Condition.OFFER_APPROVED, {}, {"validation": "PENDING"}, {}),
        (Condition.OFFER_APPROVED, {}, {"validation": "DRAFT"}, {}),
        (Condition.OFFER_PUBLISHED, {}, {"published_at": None}, {}),
        (Condition.STRUCTURE_VALIDATED, {"structure_status": "pending"}, {}, {}),
        (Condition.STRUCTURE_VALIDATED, {"structure_status": "closed"}, {}, {}),
    ],
)
def test_each_lasting_condition_alone_hides_the_stock(
    given: SimpleNamespace, condition: Condition, venue: dict, offer: dict, stock: dict
) -> None:
    facts = given.venue(**venue), given.offer(**offer), given.stock(**stock)

    assert unmet(*facts, given.now) == (condition,)
    assert bookable_period(*facts) is None


def test_an_unlimited_stock_is_never_sold_out(given: SimpleNamespace) -> None:
    assert unmet(given.venue(), given.offer(), given.stock(quantity=None, booked=99), given.now) == ()


def test_start_and_limit_must_lie_strictly_ahead(given: SimpleNamespace) -> None:
    venue, offer, now = given.venue(), given.offer(), given.now

    begun = given.stock(starts_at=now, booking_limit_at=None)
    closed = given.stock(booking_limit_at=now)
    assert unmet(venue, offer, begun, now) == (Condition.START_IN_FUTURE,)
    assert unmet(venue, offer, closed, now) == (Condition.LIMIT_IN_FUTURE,)
    assert unmet(venue, offer, begun, now - _TICK) == unmet(venue, offer, closed, now - _TICK) == ()


def test_a_publication_to_come_hides_until_that_instant(given: SimpleNamespace) -> None:
    offer = given.offer(published_at=given.now)

    assert unmet(given.venue(), offer, given.stock(), given.now) == ()
    assert unmet(given.venue(), offer, given.stock(), given.now - _TICK) == (Condition.OFFER_PUBLISHED,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_the_period_gives_the_same_verdict_as_the_conditions(
    given: SimpleNamespace, data: st.DataObject
) -> None:
    def instants() -> st.SearchStrategy:
        return st.integers(-3, 3).map(lambda ticks: given.now + ticks * _TICK)

    venue = given.venue(structure_status=data.draw(st.sampled_from(["validated", "pending"])))
    offer = given.offer(
        validation=data.draw(st.sampled_from(["APPROVED", "APPROVED", "PENDING"])),
        published_at=data.draw(st.none() | instants()),
    )
    stock = given.stock(
        starts_at=data.draw(st.none() | instants()),
        booking_limit_at=data.draw(st.none() | instants()),
        quantity=data.draw(st.none() | st.integers(0, 2)),
        booked=data.draw(st.integers(0, 2)),
    )
    at = data.draw(instants())

    period = bookable_period(venue, offer, stock)

    assert (period is not None and period.holds_at(at)) == (not unmet(venue, offer, stock, at))
