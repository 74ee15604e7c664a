from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.price import (
    PRICE_CEILINGS,
    PriceCategory,
    check_price,
    check_price_categories,
    pacific_francs,
)
from catalog.domain.refusals.stock import (
    DuplicatePriceCategory,
    InvalidPriceLabel,
    NegativePrice,
    PriceTooHigh,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CEILING_OF_THINGS = datetime(2020, 12, 31, 23, tzinfo=UTC)
CEILING_OF_EVENTS = datetime(2021, 12, 31, 23, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
SINCE, UNTIL = datetime(2018, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001 - the strategy adds the zone
TOO_HIGH = PriceTooHigh(300_01, 300_00)


def test_things_are_limited_from_the_first_instant_of_2021():
    assert check_price(300_01, CEILING_OF_THINGS - INSTANT, is_event=False) is None
    assert check_price(300_01, CEILING_OF_THINGS, is_event=False) == TOO_HIGH


def test_events_are_limited_from_the_first_instant_of_2022():
    assert check_price(300_01, CEILING_OF_EVENTS - INSTANT, is_event=True) is None
    assert check_price(300_01, CEILING_OF_EVENTS, is_event=True) == TOO_HIGH
    assert check_price(300_01, CEILING_OF_EVENTS, is_event=False) == TOO_HIGH


CEILING_OF_NEW_CALEDONIA = datetime(2023, 12, 31, 23, tzinfo=UTC)
TOO_HIGH_THERE = PriceTooHigh(200_01, 200_00, 23_865)


@pytest.mark.parametrize("is_event", [True, False])
def test_S02_in_new_caledonia_the_ceiling_is_what_200_euros_are_there(is_event):
    def there(price_cents, now=NOW, department_code="988", is_educational=False):
        return check_price(
            price_cents,
            now,
            is_event=is_event,
            is_educational=is_educational,
            department_code=department_code,
        )

    assert there(200_00) is None
    assert there(200_01) == TOO_HIGH_THERE
    assert there(200_01, CEILING_OF_NEW_CALEDONIA) == TOO_HIGH_THERE
    assert there(200_01, CEILING_OF_NEW_CALEDONIA - INSTANT) is None
    assert there(300_01, CEILING_OF_NEW_CALEDONIA - INSTANT) == TOO_HIGH
    assert there(200_01, department_code="987") is None
    assert there(200_01, department_code=None) is None
    assert there(200_01, is_educational=True) is None
    assert there(-1) == NegativePrice(-1)


def test_S02_tariffs_too():
    tariff = (PriceCategory("Or", 200_01),)
    assert check_price_categories(tariff, NOW, department_code="988") == TOO_HIGH_THERE
    assert check_price_categories(tariff, NOW, department_code="75") is None


def test_S02_francs_by_the_fixed_parity_down_to_a_coin():
    amounts = {0: 0, 4: 0, 5: 5, 8_38: 1_000, 8_37: 995, 200_00: 23_865, 300_00: 35_795}
    assert {cents: pacific_francs(cents) for cents in amounts} == amounts


@given(st.integers(0, 10**12))
def test_S02_francs_are_worth_no_more_than_the_cents_and_less_by_one_coin_at_most(cents):
    francs = pacific_francs(cents)
    assert francs % 5 == 0
    assert francs * 838 <= cents * 1_000 < (francs + 5) * 838


def test_the_ceiling_is_allowed_and_free_is_allowed():
    for is_event in (True, False):
        assert check_price(300_00, NOW, is_event=is_event) is None
        assert check_price(0, NOW, is_event=is_event) is None
        assert check_price(-1, NOW, is_event=is_event) == NegativePrice(-1)


def test_class_offers_know_no_ceiling_here():
    assert check_price(3_000_00, NOW, is_event=True, is_educational=True) is None
    assert check_price(-1, NOW, is_event=True, is_educational=True) == NegativePrice(-1)


@given(
    st.datetimes(SINCE, UNTIL, timezones=st.just(UTC)),
    st.integers(-10, 500_00),
    st.booleans(),
)
def test_what_is_refused_today_for_being_dear_stays_refused(instant, price_cents, is_event):
    if isinstance(check_price(price_cents, instant, is_event=is_event), PriceTooHigh):
        assert isinstance(check_price(price_cents, NOW, is_event=is_event), PriceTooHigh)
    assert PRICE_CEILINGS.row_at(instant).valid_from <= instant


def test_categories():
    full, reduced = PriceCategory("Plein", 20_00), PriceCategory("Réduit", 10_00)
    assert check_price_categories((full, reduced), NOW) is None
    assert check_price_categories((full, PriceCategory(" plein ", 5_00)), NOW) == DuplicatePriceCategory(
        "plein"
    )
    assert check_price_categories((full, PriceCategory("Or", 300_01)), NOW) == TOO_HIGH
    assert check_price_categories((PriceCategory("Or", 300_01),), NOW, is_educational=True) is None
    assert check_price_categories((PriceCategory("x" * 50, 1),), NOW) is None


def test_tariffs_follow_the_ceiling_of_events():
    dear = (PriceCategory("Or", 300_01),)
    assert check_price_categories(dear, CEILING_OF_EVENTS - INSTANT) is None
    assert check_price_categories(dear, CEILING_OF_EVENTS) == TOO_HIGH


def test_a_label_may_be_one_letter():
    assert check_price_categories((PriceCategory("A", 1), PriceCategory("B", 1)), NOW) is None


@pytest.mark.parametrize("label", ["", "  ", "x" * 51])
def test_labels_have_between_1_and_50_characters(label):
    assert check_price_categories((PriceCategory(label, 1),), NOW) == InvalidPriceLabel(label[:50], 50)
