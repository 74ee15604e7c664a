from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.facts import StockFacts
from catalog.domain.provider_stock import (
    OPEN_AGENDA_IMPORT,
    ProviderLine,
    ProviderStock,
    Silence,
    SkippedLine,
    apply_line,
    last_of_each,
    on_silence,
    price_in_cents,
    quantity_after_provider_change,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
EAN = "9782070360024"


def test_E90_what_is_available_comes_on_top_of_what_is_booked():
    stock = apply_line(ProviderLine(EAN, 5), booked=2, is_new=False, product_price_cents=9_90)
    assert stock == ProviderStock(quantity=7, price_cents=9_90)
    assert StockFacts(9_90, stock.quantity, booked=2).remaining == 5


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_provider_always_finds_back_what_it_sent(available, booked):
    stock = apply_line(
        ProviderLine(EAN, available, 100), booked=booked, is_new=False, product_price_cents=None
    )
    assert isinstance(stock, ProviderStock)
    assert StockFacts(100, stock.quantity, booked=booked).remaining == available


@pytest.mark.parametrize(
    ("line", "is_new", "product_price_cents", "result"),
    [
        (ProviderLine("", 5, 100), False, None, SkippedLine.NO_REFERENCE),
        (ProviderLine(EAN, -1, 100), False, None, SkippedLine.NEGATIVE_AVAILABLE),
        (ProviderLine(EAN, 0, 100), True, None, SkippedLine.NOTHING_TO_OFFER),
        (ProviderLine(EAN, 0, 100), False, None, ProviderStock(0, 100)),
        (ProviderLine(EAN, 1, 100), True, 990, ProviderStock(1, 100)),
        (ProviderLine(EAN, 1, 0), True, 990, ProviderStock(1, 0)),
        (ProviderLine(EAN, 1), True, 990, ProviderStock(1, 990)),
        (ProviderLine(EAN, 1), True, 0, ProviderStock(1, 0)),
        (ProviderLine(EAN, 1), True, None, SkippedLine.NO_PRICE),
    ],
)
def test_lines(line, is_new, product_price_cents, result):
    assert apply_line(line, booked=0, is_new=is_new, product_price_cents=product_price_cents) == result


def test_prices_in_euros_or_cents():
    assert price_in_cents(Decimal("9.90"), is_in_cents=False) == 990
    assert price_in_cents(Decimal("990"), is_in_cents=True) == 990
    assert price_in_cents(Decimal("0.005"), is_in_cents=False) == 1
    assert price_in_cents(None, is_in_cents=False) is None


def test_the_last_line_of_a_reference_wins():
    lines = [ProviderLine("A", 1), ProviderLine("B", 2), ProviderLine("A", 3)]
    assert last_of_each(lines) == (ProviderLine("A", 3), ProviderLine("B", 2))


def test_a_change_of_provider_leaves_what_is_booked():
    assert quantity_after_provider_change(4) == 4


@pytest.mark.parametrize(
    ("missed", "silence", "result"),
    [
        (0, timedelta(), Silence.NOTHING),
        (1, timedelta(days=1), Silence.NOTHING),
        (2, timedelta(days=1), Silence.ALERT),
        (2, timedelta(days=2) - timedelta(microseconds=1), Silence.ALERT),
        (2, timedelta(days=2), Silence.STOCKS_TO_ZERO),
        (0, timedelta(days=2), Silence.STOCKS_TO_ZERO),
    ],
)
def test_a_provider_that_falls_silent(missed, silence, result):
    assert on_silence(missed_answers=missed, last_answer_at=NOW - silence, now=NOW) is result


def test_open_agenda_was_imported_until_september_2019():
    removed = datetime(2019, 9, 4, 22, tzinfo=UTC)
    assert OPEN_AGENDA_IMPORT.at(removed - timedelta(microseconds=1))
    assert not OPEN_AGENDA_IMPORT.at(removed)
