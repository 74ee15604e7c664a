from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import StockFacts
from catalog.domain.price_limitation import accepted_price, check_price_move
from catalog.domain.refusals.stock import PriceMovedTooFar
from catalog.domain.stock import OfferOfStock, StockAsItStands, StockDraft, check_stock, check_stock_edition

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LIMITED = datetime(2021, 12, 31, 23, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
INSTRUMENT = OfferOfStock(is_event=False, accepted_price_cents=80_00, max_price_move_percent=50)


@pytest.mark.parametrize(
    ("price_cents", "allowed"),
    [
        (90_00, True),
        (65_00, True),
        (80_00, True),
        (120_00, True),
        (120_01, False),
        (121_00, False),
        (40_00, True),
        (39_99, False),
        (39_00, False),
        (0, False),
    ],
)
def test_S03_a_price_moves_by_the_rate_at_most_when_created_or_edited(price_cents, allowed):
    refusal = None if allowed else PriceMovedTooFar(price_cents, 80_00, 50)
    assert check_price_move(price_cents, 80_00, 50, NOW) == refusal
    lot = StockDraft(price_cents, quantity=1)
    assert check_stock(INSTRUMENT, lot, NOW) == refusal
    before = StockAsItStands(80_00, 1, None, None, booked=0)
    assert check_stock_edition(INSTRUMENT, before, lot, NOW) == refusal


def test_S03_steps_are_counted_from_the_accepted_price_and_not_from_the_last():
    risen = StockAsItStands(120_00, 1, None, None, booked=0)
    assert check_stock_edition(INSTRUMENT, risen, StockDraft(121_00, 1), NOW) is not None
    assert check_stock_edition(INSTRUMENT, risen, StockDraft(40_00, 1), NOW) is None


def test_S03_prices_move_freely_before_2022_without_a_rule_and_before_the_acceptance():
    assert check_price_move(39_00, 80_00, 50, LIMITED - INSTANT) is None
    assert check_price_move(39_00, 80_00, 50, LIMITED) is not None
    assert check_price_move(39_00, 80_00, None, NOW) is None
    assert check_price_move(39_00, None, 50, NOW) is None


def test_S03_a_rate_of_0_holds_the_price_and_one_of_999_lets_it_grow_nearly_elevenfold():
    assert check_price_move(80_00, 80_00, 0, NOW) is None
    assert check_price_move(80_01, 80_00, 0, NOW) is not None
    assert check_price_move(10_99, 1_00, 999, NOW) is None
    assert check_price_move(11_00, 1_00, 999, NOW) is not None
    assert check_price_move(0, 1_00, 100, NOW) is None


@given(st.integers(0, 300_00), st.integers(0, 999), st.integers(0, 300_00))
def test_S03_up_and_down_are_alike(accepted, rate, step):
    up = check_price_move(accepted + step, accepted, rate, NOW)
    down = check_price_move(accepted - step, accepted, rate, NOW)
    assert (up is None) is (down is None)


def test_S03_the_price_held_is_the_highest_on_the_day_of_the_acceptance():
    draft, pending, approved = OfferValidation.DRAFT, OfferValidation.PENDING, OfferValidation.APPROVED
    low, high = StockFacts(5_00, 1), StockFacts(80_00, 1)
    gone = replace(high, price_cents=90_00, is_deleted=True)
    lots = (low, high, gone)
    assert accepted_price(draft, approved, lots, None) == 80_00
    assert accepted_price(pending, approved, lots, None) == 80_00
    assert accepted_price(draft, pending, lots, None) is None
    assert accepted_price(approved, approved, lots, 70_00) == 70_00
    assert accepted_price(draft, approved, (gone,), 70_00) == 70_00
