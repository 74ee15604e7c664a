"""The order of the checks: of two reasons, the one given is the first in domain.md §4.1."""

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from booking.domain import refusals
from booking.domain.policies import Booker, first_refusal
from booking.domain.stock import first_obstacle
from booking.domain.wallet import Wallet
from booking_support.builders import attempt, utc, v2

TODAY = utc(2026, 11, 22, 12)

REASONS: list[tuple[type, dict[str, Any]]] = [
    (refusals.OwnStructureOffer, {"is_own_structure": True}),
    (refusals.OfferNotForMinors, {"subcategory": "ABO_JEU_VIDEO", "is_minor": True}),
    (refusals.EducationalOffer, {"is_educational": True}),
    (refusals.AlreadyBooked, {"has_booked_offer": True}),
    (refusals.WrongQuantity, {"quantity": 3}),
    (refusals.StockNotBookable, {"stock": {"offer_is_active": False}}),
    (refusals.InsufficientCredit, {"envelope": v2(spent_cents=300_00)}),
    (refusals.NoActivationCode, {"activation_codes_left": 0}),
]


@pytest.mark.parametrize(("first", "second"), list(combinations(range(len(REASONS)), 2)))
def test_of_two_reasons_the_first_is_given(first: int, second: int) -> None:
    facts = {**REASONS[second][1], **REASONS[first][1]}
    assert type(first_refusal(attempt(now=TODAY, **facts))) is REASONS[first][0]
    assert type(first_refusal(attempt(now=TODAY, **REASONS[second][1]))) is REASONS[second][0]


def test_an_unknown_stock_is_row_zero() -> None:
    assert first_refusal(None) == refusals.StockNotFound()


@pytest.mark.parametrize(
    ("fact", "value", "refusal"),
    [
        ("is_deleted", True, refusals.StockNotBookable()),
        ("offer_is_active", False, refusals.StockNotBookable()),
        ("offer_is_approved", False, refusals.StockNotBookable()),
        ("structure_is_validated", False, refusals.StockNotBookable()),
        ("booking_opens_at", TODAY + timedelta(seconds=1), refusals.StockNotBookable()),
        ("booking_limit_at", TODAY, refusals.BookingClosed(TODAY, "Europe/Paris")),
        ("starts_at", TODAY, refusals.BookingClosed(TODAY, "Europe/Paris")),
        ("taken", 100, refusals.SoldOut(0)),
    ],
)
def test_each_condition_of_a_bookable_stock(
    fact: str, value: object, refusal: refusals.BookingRefusal
) -> None:
    facts = attempt(now=TODAY, stock={fact: value})
    assert first_refusal(facts) == refusal
    assert first_obstacle(facts.stock, TODAY) == refusal


def test_the_last_place_can_be_booked() -> None:
    last = attempt(now=TODAY, stock={"capacity": 10, "taken": 9})
    assert first_refusal(last) is None
    assert first_obstacle(last.stock, TODAY) is None
    assert first_obstacle(last.stock, TODAY, 2) == refusals.SoldOut(1)


def test_unlimited_is_never_sold_out() -> None:
    unlimited = attempt(now=TODAY, stock={"capacity": None, "taken": 10**6})
    assert first_refusal(unlimited) is None
    assert unlimited.stock.remaining is None
    assert first_obstacle(unlimited.stock, TODAY, 2) is None


def test_a_paid_offer_is_refused_for_want_of_credit_not_of_right() -> None:
    stranger = attempt(now=TODAY, is_beneficiary=False, envelopes=())
    assert first_refusal(stranger) == refusals.InsufficientCredit(10_00, 0)


@pytest.mark.parametrize(
    ("roles", "is_beneficiary", "is_minor"),
    [
        (["beneficiary"], True, False),
        (["underage_beneficiary"], True, True),
        (["beneficiary", "underage_beneficiary", "pro"], True, False),
        (["pro"], False, True),
        ([], False, True),
    ],
)
def test_roles_say_who_is_a_beneficiary_and_who_a_minor(
    roles: list[str], is_beneficiary: bool, is_minor: bool
) -> None:
    assert Booker.of(roles, Wallet()) == Booker(is_beneficiary, is_minor, Wallet())


def test_a_credit_makes_a_beneficiary_before_the_role_is_known() -> None:
    wallet = Wallet((v2(),))
    assert Booker.of([], wallet) == Booker(True, True, wallet)
