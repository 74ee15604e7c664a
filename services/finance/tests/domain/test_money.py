from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.domain.money import percent, share


@pytest.mark.parametrize(
    ("amount_cents", "rate_bp", "expected"),
    [(9_99, 9_500, 9_49), (10_30, 9_500, 9_79), (-10_30, 9_500, -9_79), (1, 5_000, 1), (-1, 5_000, -1)],
)
def test_half_a_cent_goes_away_from_zero(amount_cents, rate_bp, expected):
    assert share(amount_cents, rate_bp) == expected


@given(st.integers(-(10**9), 10**9), st.integers(0, 10_000))
def test_a_share_equals_the_exact_decimal_product_rounded(amount_cents, rate_bp):
    exact = Decimal(amount_cents) * Decimal(rate_bp) / 10_000
    assert type(share(amount_cents, rate_bp)) is int
    assert share(amount_cents, rate_bp) == exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("rate_bp", "shown"), [(9_500, "95%"), (10_000, "100%"), (9_250, "92,5%"), (333, "3,33%"), (0, "0%")]
)
def test_rates_as_exports_show_them(rate_bp, shown):
    assert percent(rate_bp) == shown
