from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.compliance import (
    TEAM_MOVES,
    Condition,
    Confidence,
    OfferValidation,
    ScoreRule,
    ValidationConfiguration,
    check_team_verdict,
    first_validation,
    is_active_after,
    score,
)
from catalog.domain.refusals.offer import ValidationMoveNotAllowed

SUSPICIOUS = ScoreRule(
    "suspicious title", Decimal("0.4"), (Condition("offer.name", "contains", ("gratuit",)),)
)
DEAR = ScoreRule(
    "dear concert",
    Decimal("0.5"),
    (Condition("stock.price_cents", ">", 200_00), Condition("offer.subcategory_id", "==", "CONCERT")),
)
CONFIGURATION = ValidationConfiguration(Decimal("0.4"), (SUSPICIOUS, DEAR))
RULES_COUNT = datetime(2021, 12, 31, 23, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
FACTS = {"offer.name": "Concert GRATUIT", "offer.subcategory_id": "CONCERT", "stock.price_cents": 250_00}


def test_factors_of_matching_rules_multiply():
    assert score(CONFIGURATION, FACTS) == Decimal("0.20")
    assert score(CONFIGURATION, FACTS | {"stock.price_cents": 200_00}) == Decimal("0.4")
    assert score(CONFIGURATION, {}) == 1


def test_until_2022_the_minimum_itself_is_approved():
    last = RULES_COUNT - INSTANT
    middling = FACTS | {"stock.price_cents": 1}
    assert first_validation(CONFIGURATION, middling, last) is OfferValidation.APPROVED
    assert first_validation(CONFIGURATION, FACTS, last) is OfferValidation.PENDING
    for confidence in Confidence:
        assert first_validation(CONFIGURATION, middling, last, {confidence}) is OfferValidation.APPROVED
        assert first_validation(CONFIGURATION, FACTS, last, {confidence}) is OfferValidation.PENDING


def test_Q06_since_2022_any_rule_that_holds_makes_the_offer_wait():
    middling = FACTS | {"stock.price_cents": 1}
    assert first_validation(CONFIGURATION, middling, RULES_COUNT) is OfferValidation.PENDING
    assert first_validation(CONFIGURATION, FACTS, RULES_COUNT) is OfferValidation.PENDING
    quiet = middling | {"offer.name": "Concert"}
    assert first_validation(CONFIGURATION, quiet, RULES_COUNT) is OfferValidation.APPROVED
    assert first_validation(CONFIGURATION, {}, RULES_COUNT) is OfferValidation.APPROVED


def test_Q06_a_white_list_wins_over_everything_and_a_manual_review_over_the_rules():
    white, review = Confidence.WHITE_LIST, Confidence.MANUAL_REVIEW
    for configuration in (None, CONFIGURATION):
        assert first_validation(configuration, FACTS, RULES_COUNT, {white}) is OfferValidation.APPROVED
        assert first_validation(configuration, {}, RULES_COUNT, {review}) is OfferValidation.PENDING
        both = first_validation(configuration, FACTS, RULES_COUNT, (review, white))
        assert both is OfferValidation.APPROVED


@pytest.mark.parametrize("now", [RULES_COUNT - INSTANT, RULES_COUNT])
def test_without_a_configuration_everything_is_approved(now):
    assert first_validation(None, FACTS, now) is OfferValidation.APPROVED


@pytest.mark.parametrize(
    ("value", "wanted", "holds"),
    [
        (["rap", "jazz"], ["Jazz"], True),
        (["rap", "jazz"], ["rock", "RAP"], True),
        (["rap"], ["rock", "jazz"], False),
        (["rap"], ["ra"], False),
        ([], ["rap"], False),
        (["rap"], [], False),
        (["théâtre"], ["THEATRE"], True),
        ([12, 29], [29], True),
    ],
)
def test_Q06_lists_intersect_or_not(value, wanted, holds):
    facts = {"offer.genres": value}
    assert Condition("offer.genres", "intersects", wanted).holds(facts) is holds
    assert Condition("offer.genres", "not intersects", wanted).holds(facts) is not holds


@pytest.mark.parametrize("operator", ["intersects", "not intersects"])
def test_Q06_a_fact_that_is_missing_is_no_list(operator):
    assert not Condition("offer.genres", operator, ["rap"]).holds({})


@pytest.mark.parametrize(
    ("operator", "value", "wanted", "holds"),
    [
        (">", 2, 1, True),
        (">", 1, 1, False),
        (">=", 1, 1, True),
        (">=", 0, 1, False),
        ("<", 0, 1, True),
        ("<", 1, 1, False),
        ("<=", 1, 1, True),
        ("<=", 2, 1, False),
        ("==", "a", "a", True),
        ("==", None, "a", False),
        ("==", None, None, True),
        ("!=", "a", "b", True),
        ("!=", None, "a", True),
        ("is", None, None, True),
        ("is", True, None, False),
        ("in", "a", ("a", "b"), True),
        ("in", "c", ("a", "b"), False),
        ("in", None, (None,), True),
        ("not in", "c", ("a", "b"), True),
        ("not in", "a", ("a", "b"), False),
        ("contains", "Bonjour", ("JOUR",), True),
        ("contains", "Bonjour", ("nuit",), False),
        ("contains-exact", "Un bon jour", ("Jour",), True),
        ("contains-exact", "Bonjour", ("jour",), False),
    ],
)
def test_operators(operator, value, wanted, holds):
    assert Condition("fact", operator, wanted).holds({"fact": value}) is holds


def test_unknown_operators_are_found_out_at_once():
    with pytest.raises(ValueError, match="unknown operator"):
        Condition("fact", "~", 1)


@given(st.sampled_from(OfferValidation), st.sampled_from(OfferValidation))
def test_only_a_pending_offer_gets_a_verdict(current, wanted):
    refusal = check_team_verdict(current, wanted)
    if (current, wanted) in TEAM_MOVES:
        assert refusal is None
        assert current is OfferValidation.PENDING
    else:
        assert refusal == ValidationMoveNotAllowed(current.value, wanted.value)


def test_two_verdicts_exist():
    assert {wanted for _, wanted in TEAM_MOVES} == {OfferValidation.APPROVED, OfferValidation.REJECTED}


def test_only_an_approved_offer_is_switched_on():
    assert [state for state in OfferValidation if is_active_after(state)] == [OfferValidation.APPROVED]


@pytest.mark.parametrize(
    ("operator", "value", "wanted", "holds"),
    [
        ("==", "l'école est fermée", "l'ècole est fermee", True),
        ("!=", "L'ÉCOLE", "l'ecole", False),
        ("contains", "une écÔle", ["ecole"], True),
        ("contains-exact", "Une École fermée", ["ecole"], True),
        ("contains-exact", "Des écoles", ["ecole"], False),
        ("in", "Théâtre", ["theatre", "danse"], True),
        ("not in", "THÉATRE", ["theatre"], False),
        ("==", 3, 3, True),
        # A missing fact is in a list that holds None, and in no other.
        ("in", None, ["x", None], True),
        ("in", None, ["x"], False),
        ("not in", None, ["x"], True),
        ("not in", None, ["x", None], False),
        ("contains", None, ["none"], False),
        (">", None, 1, False),
    ],
)
def test_Q04_Q05_accents_case_and_missing_facts(operator, value, wanted, holds):
    assert Condition("offer.name", operator, wanted).holds({"offer.name": value}) is holds
