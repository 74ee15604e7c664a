from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import OfferFacts, StockFacts
from catalog.domain.offer import Synchronisation
from catalog.domain.refusals import stock as refusals
from catalog.domain.refusals.offer import OfferNotEditable
from catalog.domain.status import OfferStatus, offer_status
from catalog.domain.stock import (
    EMPTY_BOOKING_LIMIT,
    STOCK_LIMITS,
    OfferOfStock,
    StockAsItStands,
    StockDraft,
    check_price_category_count,
    check_stock,
    check_stock_count,
    check_stock_deletion,
    check_stock_edition,
)

NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)
IN_2021 = datetime(2021, 11, 1, 10, tzinfo=UTC)
START = NOW + timedelta(days=10)
EVENT, THING = OfferOfStock(is_event=True), OfferOfStock(is_event=False)
SEAT = StockDraft(price_cents=20_00, quantity=50, starts_at=START, booking_limit_at=START)
COPY = StockDraft(price_cents=9_90, quantity=3)
SEAT_BEFORE = StockAsItStands(20_00, 50, START, START, booked=6)
SYNCHRONISED = replace(EVENT, synchronisation=Synchronisation.PROVIDER)


def test_well_formed_stocks_are_accepted():
    assert check_stock(EVENT, SEAT, NOW) is None
    assert check_stock(THING, COPY, NOW) is None
    assert check_stock(THING, replace(COPY, quantity=None, price_cents=0), NOW) is None


@pytest.mark.parametrize(
    ("offer", "draft", "refusal"),
    [
        (replace(EVENT, validation=OfferValidation.REJECTED), SEAT, OfferNotEditable()),
        (SYNCHRONISED, SEAT, refusals.SynchronisedStockNotEditable()),
        (EVENT, replace(SEAT, price_cents=-1), refusals.NegativePrice(-1)),
        (EVENT, replace(SEAT, price_cents=300_01), refusals.PriceTooHigh(300_01, 300_00)),
        (EVENT, replace(SEAT, quantity=-1), refusals.InvalidQuantity(-1, 1_000_000)),
        (EVENT, replace(SEAT, quantity=1_000_001), refusals.InvalidQuantity(1_000_001, 1_000_000)),
        (THING, replace(COPY, starts_at=START), refusals.StartNotAllowed()),
        (EVENT, replace(SEAT, starts_at=None), refusals.StartRequired()),
        (EVENT, replace(SEAT, booking_limit_at=None), refusals.BookingLimitRequired()),
        (EVENT, replace(SEAT, starts_at=NOW, booking_limit_at=NOW), refusals.DateInPast("starts_at", NOW)),
        (EVENT, replace(SEAT, booking_limit_at=NOW), refusals.DateInPast("booking_limit_at", NOW)),
        (THING, replace(COPY, booking_limit_at=NOW), refusals.DateInPast("booking_limit_at", NOW)),
    ],
)
def test_each_rule_of_a_stock(offer, draft, refusal):
    assert check_stock(offer, draft, NOW) == refusal


@pytest.mark.parametrize("quantity", [0, 1_000_000, None])
def test_bounds_of_the_quantity(quantity):
    assert check_stock(EVENT, replace(SEAT, quantity=quantity), NOW) is None


def test_E86_the_booking_limit_may_be_the_start_and_not_a_second_more():
    assert check_stock(EVENT, replace(SEAT, booking_limit_at=START), NOW) is None
    late = START + timedelta(seconds=1)
    refusal = refusals.BookingLimitAfterStart(late, START)
    assert check_stock(EVENT, replace(SEAT, booking_limit_at=late), NOW) == refusal


def test_E84_ceilings_of_things_and_events():
    in_2021 = datetime(2021, 11, 17, tzinfo=UTC)
    assert check_stock(THING, replace(COPY, price_cents=300_00), in_2021) is None
    assert check_stock(THING, replace(COPY, price_cents=300_01), in_2021) == refusals.PriceTooHigh(
        300_01, 300_00
    )
    dear = replace(SEAT, price_cents=300_01)
    assert check_stock(EVENT, dear, in_2021) is None
    assert check_stock(EVENT, dear, NOW) == refusals.PriceTooHigh(300_01, 300_00)


def test_class_events_may_cost_more_than_the_ceiling():
    for_a_class = replace(EVENT, is_educational=True)
    assert check_stock(for_a_class, replace(SEAT, price_cents=3_000_00), NOW) is None


def test_E85_the_quantity_may_fall_to_what_is_booked_and_no_lower():
    lower = refusals.QuantityBelowBooked(5, 6)
    assert check_stock_edition(EVENT, SEAT_BEFORE, replace(SEAT, quantity=5), NOW) == lower
    assert check_stock_edition(EVENT, SEAT_BEFORE, replace(SEAT, quantity=6), NOW) is None
    full = StockFacts(20_00, quantity=6, starts_at=START, booking_limit_at=START, booked=6)
    offer = OfferFacts(OfferValidation.APPROVED, True, (full,), published_at=NOW)
    assert offer_status(offer, NOW) is OfferStatus.SOLD_OUT


@pytest.mark.parametrize(
    ("offer", "before", "after", "refusal"),
    [
        (SYNCHRONISED, SEAT_BEFORE, SEAT, refusals.SynchronisedStockNotEditable()),
        (EVENT, replace(SEAT_BEFORE, starts_at=NOW), SEAT, refusals.PastEventNotEditable(NOW)),
        (
            replace(EVENT, has_custom_reimbursement=True),
            SEAT_BEFORE,
            replace(SEAT, price_cents=21_00),
            refusals.PriceNotEditable(),
        ),
        (EVENT, SEAT_BEFORE, replace(SEAT, price_cents=-1), refusals.NegativePrice(-1)),
        (EVENT, SEAT_BEFORE, replace(SEAT, quantity=-1), refusals.InvalidQuantity(-1, 1_000_000)),
        (EVENT, SEAT_BEFORE, replace(SEAT, booking_limit_at=None), refusals.BookingLimitRequired()),
        (
            EVENT,
            SEAT_BEFORE,
            replace(SEAT, starts_at=NOW, booking_limit_at=NOW),
            refusals.DateInPast("starts_at", NOW),
        ),
    ],
)
def test_each_rule_of_an_edition(offer, before, after, refusal):
    assert check_stock_edition(offer, before, after, NOW) == refusal


def test_what_an_edition_may_do():
    second = timedelta(microseconds=1)
    assert check_stock_edition(EVENT, replace(SEAT_BEFORE, starts_at=NOW + second), SEAT, NOW) is None
    assert check_stock_edition(replace(EVENT, has_custom_reimbursement=True), SEAT_BEFORE, SEAT, NOW) is None
    assert check_stock_edition(EVENT, SEAT_BEFORE, replace(SEAT, quantity=None, price_cents=0), NOW) is None
    closing = replace(SEAT, booking_limit_at=NOW - timedelta(days=1))
    assert check_stock_edition(EVENT, SEAT_BEFORE, closing, NOW) is None
    later = START + timedelta(days=1)
    assert check_stock_edition(EVENT, SEAT_BEFORE, replace(SEAT, starts_at=later), NOW) is None
    copy_before = StockAsItStands(9_90, 3, None, None, booked=0)
    assert check_stock_edition(THING, copy_before, COPY, NOW) is None


def test_events_can_be_deleted_until_48_hours_after_their_start_included():
    starts_at = NOW - timedelta(hours=48)
    assert check_stock_deletion(EVENT, starts_at, NOW) is None
    late = NOW + timedelta(microseconds=1)
    assert check_stock_deletion(EVENT, starts_at, late) == refusals.TooLateToDeleteStock(NOW)


def test_things_can_always_be_deleted_unless_the_offer_is_held_back():
    assert check_stock_deletion(THING, None, NOW) is None
    held = replace(THING, validation=OfferValidation.PENDING)
    assert check_stock_deletion(held, None, NOW) is None
    assert check_stock_deletion(held, None, IN_2021) == OfferNotEditable()
    refused = replace(THING, validation=OfferValidation.REJECTED)
    assert check_stock_deletion(refused, None, NOW) == OfferNotEditable()


def test_counts_of_an_offer():
    assert check_stock_count(2_400, 100, NOW) is None
    assert check_stock_count(2_400, 101, NOW) == refusals.TooManyStocks(2_500)
    labels = [f"Tarif {number}" for number in range(50)]
    assert check_price_category_count([*labels, " TARIF 1 "], NOW) is None
    assert check_price_category_count([*labels, "Balcon"], NOW) == refusals.TooManyPriceCategories(50)


def test_counts_begin_in_2022():
    first = datetime(2021, 12, 31, 23, tzinfo=UTC)
    before = first - timedelta(microseconds=1)
    assert check_stock_count(2_500, 1, before) is None
    assert check_stock_count(2_500, 1, first) == refusals.TooManyStocks(2_500)
    assert check_price_category_count([str(number) for number in range(51)], before) is None
    assert STOCK_LIMITS.at(before).quantity is None


def test_an_empty_limit_was_accepted_until_2021():
    first = datetime(2020, 12, 31, 23, tzinfo=UTC)
    before = first - timedelta(microseconds=1)
    draft = replace(SEAT, booking_limit_at=None)
    assert check_stock(EVENT, draft, before) is None
    assert check_stock(EVENT, draft, first) == refusals.BookingLimitRequired()
    assert len(EMPTY_BOOKING_LIMIT.rows) == 2


def test_S07_only_a_rejected_offer_is_frozen_since_2022():
    waiting = replace(EVENT, validation=OfferValidation.PENDING)
    before_2022 = replace(
        SEAT, starts_at=IN_2021 + timedelta(days=9), booking_limit_at=IN_2021 + timedelta(days=9)
    )
    assert check_stock(waiting, before_2022, IN_2021) == OfferNotEditable()
    assert check_stock(waiting, SEAT, NOW) is None
    assert check_stock_edition(waiting, SEAT_BEFORE, replace(SEAT, quantity=60), NOW) is None
    rejected = replace(EVENT, validation=OfferValidation.REJECTED)
    assert check_stock(rejected, SEAT, NOW) == OfferNotEditable()
    assert check_stock_edition(rejected, SEAT_BEFORE, SEAT, NOW) == OfferNotEditable()


def test_S06_stocks_of_a_draft_can_always_be_deleted_since_2022():
    draft, three_days_ago = replace(EVENT, validation=OfferValidation.DRAFT), timedelta(days=3)
    assert check_stock_deletion(draft, NOW - three_days_ago, NOW) is None
    late = check_stock_deletion(draft, IN_2021 - three_days_ago, IN_2021)
    assert isinstance(late, refusals.TooLateToDeleteStock)
    assert check_stock_deletion(EVENT, NOW - three_days_ago, NOW) is not None


@pytest.mark.parametrize(
    ("synchronisation", "is_event", "change", "allowed_in_2021", "allowed_now"),
    [
        (Synchronisation.ALLOCINE, True, {"price_cents": 500}, True, True),
        (Synchronisation.ALLOCINE, True, {"quantity": 60}, True, True),
        (Synchronisation.ALLOCINE, True, {"booking_limit_at": timedelta(days=8)}, True, True),
        (Synchronisation.ALLOCINE, True, {"starts_at": timedelta(days=11)}, False, False),
        (Synchronisation.PROVIDER, True, {"quantity": 60}, False, False),
        (Synchronisation.PROVIDER, False, {"quantity": 60}, False, True),
        (Synchronisation.PROVIDER, False, {"price_cents": 500}, False, False),
        (Synchronisation.MANUAL, True, {"starts_at": timedelta(days=11)}, True, True),
    ],
)
def test_S09_S10_what_changes_of_a_synchronised_stock(
    synchronisation, is_event, change, allowed_in_2021, allowed_now
):
    offer = OfferOfStock(is_event=is_event, synchronisation=synchronisation)
    for now, allowed in ((IN_2021, allowed_in_2021), (NOW, allowed_now)):
        start = now + timedelta(days=10) if is_event else None
        before = StockAsItStands(20_00, 50, start, start, booked=6)
        values = {
            name: now + value if isinstance(value, timedelta) else value for name, value in change.items()
        }
        after = replace(StockDraft(20_00, 50, start, start), **values)
        refusal = check_stock_edition(offer, before, after, now)
        assert (refusal is None) == allowed, (now, refusal)
