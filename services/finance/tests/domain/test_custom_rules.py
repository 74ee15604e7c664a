from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from finance.domain.custom_rules import (
    CustomRule,
    CustomRules,
    TargetKind,
    refuse_creation,
    refuse_end,
    refuse_price_change,
)
from finance.domain.refusals import (
    PriceFixedByOwnRule,
    RuleEndAlreadySet,
    RuleEndsTooSoon,
    RuleOverlaps,
    RuleStartsTooSoon,
    RuleSubcategoriesUnknown,
    RuleValueInvalid,
)

VENUE, STRUCTURE, OFFER = UUID(int=11), UUID(int=22), UUID(int=33)
NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
TOMORROW = datetime(2026, 5, 10, 22, tzinfo=UTC)
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
RULE = CustomRule(UUID(int=1), TargetKind.STRUCTURE, STRUCTURE, TOMORROW, rate_bp=9_800)


def test_the_offers_rule_beats_the_venues_and_the_venues_beats_the_structures(make_booking):
    of_structure = replace(RULE, valid_from=NOW)
    of_venue = replace(of_structure, id=UUID(int=2), target_kind=TargetKind.VENUE, target_id=VENUE)
    of_offer = replace(of_structure, id=UUID(int=3), target_kind=TargetKind.OFFER, target_id=OFFER)
    booking = make_booking(used_at=NOW)
    assert CustomRules([of_structure, of_venue, of_offer]).for_booking(booking) == of_offer
    assert CustomRules([of_structure, of_venue]).for_booking(booking) == of_venue
    assert CustomRules([of_structure]).for_booking(booking) == of_structure
    assert CustomRules([]).for_booking(booking) is None
    assert not CustomRules([])


def test_a_rule_holds_from_its_start_to_just_before_its_end(make_booking):
    rules = CustomRules([replace(RULE, valid_from=NOW, valid_until=NOW + DAY)])
    found = [
        rules.for_booking(make_booking(used_at=at)) is not None
        for at in (NOW - MOMENT, NOW, NOW + DAY - MOMENT, NOW + DAY)
    ]
    assert found == [False, True, True, False]


def test_the_next_rule_of_a_target_is_tried(make_booking):
    for_books = replace(RULE, valid_from=NOW, subcategories=frozenset({"LIVRE_PAPIER"}))
    for_concerts = replace(for_books, id=UUID(int=2), subcategories=frozenset({"CONCERT"}))
    assert CustomRules([for_books, for_concerts]).for_booking(make_booking(used_at=NOW)) == for_concerts


def test_a_rule_starts_tomorrow_in_paris_at_the_earliest():
    assert refuse_creation(RULE, [], NOW) is None
    assert refuse_creation(replace(RULE, valid_from=TOMORROW - MOMENT), [], NOW) == RuleStartsTooSoon(
        TOMORROW
    )
    already_the_11th_in_paris = datetime(2026, 5, 10, 22, 30, tzinfo=UTC)
    assert refuse_creation(RULE, [], already_the_11th_in_paris) == RuleStartsTooSoon(TOMORROW + DAY)


def test_a_rule_ends_after_it_starts():
    assert refuse_creation(replace(RULE, valid_until=TOMORROW), [], NOW) == RuleEndsTooSoon(TOMORROW)
    assert refuse_creation(replace(RULE, valid_until=TOMORROW + MOMENT), [], NOW) is None


@pytest.mark.parametrize(
    ("rate_bp", "amount_cents", "valid"),
    [
        *((0, None, True), (10_000, None, True), (10_001, None, False), (-1, None, False)),
        *((None, 0, True), (None, -1, False), (None, None, False), (5_000, 5_00, False)),
    ],
)
def test_a_rule_is_a_rate_or_an_amount(rate_bp, amount_cents, valid):
    refusal = refuse_creation(replace(RULE, rate_bp=rate_bp, amount_cents=amount_cents), [], NOW)
    assert refusal == (None if valid else RuleValueInvalid())


def test_subcategories_must_be_known():
    rule = replace(RULE, subcategories=frozenset({"CONCERT", "ZUT", "AIE"}))
    refusal = refuse_creation(rule, [], NOW)
    assert refusal == RuleSubcategoriesUnknown(("AIE", "ZUT"))
    assert "AIE, ZUT" in refusal.message


@pytest.mark.parametrize(
    ("change", "overlaps"),
    [
        ({}, True),
        ({"valid_from": TOMORROW + 10 * DAY}, False),
        ({"valid_from": TOMORROW + 10 * DAY - MOMENT}, True),
        ({"valid_from": TOMORROW - DAY, "valid_until": TOMORROW}, False),
        ({"valid_from": TOMORROW - DAY, "valid_until": TOMORROW + MOMENT}, True),
        ({"target_id": UUID(int=99)}, False),
        ({"target_kind": TargetKind.VENUE}, False),
        ({"subcategories": frozenset({"CONCERT"})}, True),
        ({"subcategories": frozenset({"LIVRE_PAPIER"})}, False),
    ],
)
def test_two_rules_of_a_target_never_hold_at_once_for_a_subcategory(change, overlaps):
    rule = replace(RULE, valid_until=TOMORROW + 10 * DAY, subcategories=frozenset({"CONCERT"}))
    other = replace(
        RULE, **{"id": UUID(int=7), "valid_until": TOMORROW + 20 * DAY, "subcategories": frozenset()} | change
    )
    assert refuse_creation(rule, [other], NOW) == (RuleOverlaps((UUID(int=7),)) if overlaps else None)


def test_a_rule_for_everything_overlaps_a_rule_without_end():
    for_good = replace(RULE, id=UUID(int=7), subcategories=frozenset({"CONCERT"}))
    refusal = refuse_creation(RULE, [for_good, replace(for_good, id=UUID(int=8))], NOW)
    assert refusal == RuleOverlaps((UUID(int=7), UUID(int=8)))
    assert str(UUID(int=8)) in refusal.message


def test_an_end_is_given_once_and_tomorrow_at_the_earliest():
    running = replace(RULE, valid_from=NOW - DAY)
    assert refuse_end(running, TOMORROW, NOW) is None
    assert refuse_end(running, TOMORROW - MOMENT, NOW) == RuleEndsTooSoon(TOMORROW)
    ended = replace(running, valid_until=TOMORROW)
    assert refuse_end(ended, TOMORROW + DAY, NOW) == RuleEndAlreadySet(TOMORROW)
    to_come = replace(RULE, valid_from=TOMORROW + DAY)
    assert refuse_end(to_come, TOMORROW + DAY, NOW) == RuleEndsTooSoon(TOMORROW + DAY)


def test_an_offer_with_its_own_rule_keeps_its_prices():
    of_offer = replace(RULE, target_kind=TargetKind.OFFER, target_id=OFFER)
    assert refuse_price_change(OFFER, [RULE, of_offer], NOW) == PriceFixedByOwnRule()
    assert refuse_price_change(UUID(int=99), [of_offer], NOW) is None
    assert refuse_price_change(STRUCTURE, [RULE], NOW) is None


def test_a_rule_that_has_ended_fixes_no_price():
    """Peer case C11: active and to come fix the price, ended does not; the end is exclusive."""
    of_offer = replace(RULE, target_kind=TargetKind.OFFER, target_id=OFFER)
    to_come = replace(of_offer, valid_from=NOW + DAY)
    ended = replace(of_offer, valid_from=NOW - 9 * DAY, valid_until=NOW)
    lasts = replace(ended, valid_until=NOW + MOMENT)
    answers = [refuse_price_change(OFFER, [rule], NOW) for rule in (of_offer, to_come, lasts, ended)]
    assert answers == [PriceFixedByOwnRule()] * 3 + [None]
