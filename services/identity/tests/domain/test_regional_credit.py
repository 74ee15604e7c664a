"""Regional labelled credits (domain.md §2.4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.regional_credit import OfferFacts, Perimeter, RegionalCredit

OPENS, CLOSES = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC)
CONCERT = OfferFacts("35", "CONCERT", "structure-1")
BRITTANY = RegionalCredit(
    label="100 € de la Région Bretagne",
    amount_cents=10000,
    residents_of=frozenset({"22", "29", "35", "56"}),
    perimeter=Perimeter(
        departments=frozenset({"22", "29", "35", "56"}), subcategory_ids=frozenset({"CONCERT"})
    ),
    opens_at=OPENS,
    closes_at=CLOSES,
)


def test_the_whole_envelope_is_usable_inside_its_perimeter() -> None:
    assert BRITTANY.usable_cents(0, CONCERT, OPENS) == 10000
    assert BRITTANY.usable_cents(9999, CONCERT, OPENS) == 1
    assert BRITTANY.usable_cents(10000, CONCERT, OPENS) == 0


def test_an_envelope_of_nothing_is_announced_and_gives_nothing() -> None:
    empty = replace(BRITTANY, amount_cents=0)
    assert empty.usable_cents(0, CONCERT, OPENS) == 0


@pytest.mark.parametrize(
    "offer",
    [
        OfferFacts("75", "CONCERT", "structure-1"),
        OfferFacts("35", "LIVRE_PAPIER", "structure-1"),
        OfferFacts(None, "CONCERT", "structure-1"),
    ],
)
def test_nothing_is_usable_outside_of_it(offer: OfferFacts) -> None:
    assert BRITTANY.usable_cents(0, offer, OPENS) == 0


def test_it_is_usable_from_its_opening_until_just_before_its_closing() -> None:
    instant = timedelta(microseconds=1)
    assert BRITTANY.usable_cents(0, CONCERT, OPENS - instant) == 0
    assert BRITTANY.usable_cents(0, CONCERT, CLOSES - instant) == 10000
    assert BRITTANY.usable_cents(0, CONCERT, CLOSES) == 0


def test_a_perimeter_may_be_a_list_of_structures() -> None:
    perimeter = Perimeter(structure_ids=frozenset({"structure-1"}))
    assert perimeter.covers(CONCERT)
    assert not perimeter.covers(OfferFacts("35", "CONCERT", "structure-2"))
    assert Perimeter().covers(OfferFacts(None, "ANY", "any"))


def test_it_is_given_to_residents() -> None:
    assert BRITTANY.belongs_to("29")
    assert not BRITTANY.belongs_to("75")
    assert not BRITTANY.belongs_to(None)


@pytest.mark.parametrize(
    ("label", "cents", "closes_at"), [(" ", 1, CLOSES), ("x", -1, CLOSES), ("x", 1, OPENS)]
)
def test_an_envelope_without_label_amount_or_period_is_an_error(
    label: str, cents: int, closes_at: datetime
) -> None:
    with pytest.raises(
        ValueError, match=r"^a regional credit has a label, an amount of 0 or more, and a period$"
    ):
        RegionalCredit(label, cents, frozenset(), Perimeter(), OPENS, closes_at)


@given(st.integers(0, 20000))
def test_it_is_never_below_zero_nor_above_its_amount(spent_cents: int) -> None:
    assert 0 <= BRITTANY.usable_cents(spent_cents, CONCERT, OPENS) <= BRITTANY.amount_cents
