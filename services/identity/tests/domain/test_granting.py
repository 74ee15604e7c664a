"""The decision to grant (domain.md §2.4, §7.3)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.dated import midnight
from identity.domain.age import birthday_midnight
from identity.domain.birthdays import Situation, bonus, leftover, on_birthday
from identity.domain.file_steps import BeneficiaryFile, CheckStatus, Step, StepPolicy
from identity.domain.granting import Candidate, NewGrant, ToppedUp, decide_grant
from identity.domain.grants import REFORM, UNDERAGE_LAUNCH, Grant, GrantFamily, GrantKind, TopUp, TopUpKind
from identity.domain.refusals import (
    ActiveGrantExists,
    GrantAlreadyGiven,
    NotEligibleAge,
    NotEntitledToBonus,
    ResidenceExcluded,
    RoleForbidden,
    StepMissing,
)
from identity.domain.roles import Role

PARIS = "Europe/Paris"
INSTANT = timedelta(microseconds=1)
POLICY = StepPolicy()
MODEST = Situation(family_quotient_euros=500)
WHOLE = BeneficiaryFile(18, True, CheckStatus.ACCEPTED, True, True)


def at_birthday(born: date, age: int) -> datetime:
    return birthday_midnight(born, age, PARIS)


def candidate(born: date, opened_at: datetime, *held: Grant, department: str | None = None) -> Candidate:
    return Candidate(born, department, opened_at, WHOLE, held=held)


def granted(born: date, now: datetime, *held: Grant) -> Grant:
    """The new grant that a file opened and finished at `now` gives."""
    decision = decide_grant(candidate(born, now, *held), now, POLICY)
    assert isinstance(decision, NewGrant)
    return decision.grant


def topped_up(decision: object) -> Grant:
    assert isinstance(decision, ToppedUp)
    return decision.grant


def test_E65_activated_at_15_then_two_birthdays_20_50_80() -> None:
    born = date(2007, 3, 10)
    first = granted(born, datetime(2022, 5, 1, tzinfo=UTC))
    second = topped_up(on_birthday(first, born, PARIS, at_birthday(born, 16)))
    third = topped_up(on_birthday(second, born, PARIS, at_birthday(born, 17)))
    assert [grant.amount_cents for grant in (first, second, third)] == [2000, 5000, 8000]


def test_E66_activated_at_16_then_one_birthday_30_60() -> None:
    born = date(2006, 3, 10)
    first = granted(born, datetime(2022, 5, 1, tzinfo=UTC))
    assert on_birthday(first, born, PARIS, datetime(2022, 5, 2, tzinfo=UTC)) is None
    second = topped_up(on_birthday(first, born, PARIS, at_birthday(born, 17)))
    assert [first.amount_cents, second.amount_cents] == [3000, 6000]


def test_T06_since_2023_activated_on_the_very_day_of_16_receives_30_once() -> None:
    for born, amounts in ((date(2006, 12, 31), [3000, 6000]), (date(2007, 1, 1), [3000])):
        first = granted(born, at_birthday(born, 16) + timedelta(hours=9))
        again = on_birthday(first, born, PARIS, at_birthday(born, 16) + timedelta(hours=12))
        assert [
            first.amount_cents,
            *([again.grant.amount_cents] if isinstance(again, ToppedUp) else []),
        ] == amounts


def test_E66_activated_on_the_very_day_of_16_receives_30_and_30() -> None:
    born = date(2006, 3, 10)
    first = granted(born, at_birthday(born, 16) + timedelta(hours=9))
    second = topped_up(on_birthday(first, born, PARIS, at_birthday(born, 16) + timedelta(hours=12)))
    assert [first.amount_cents, second.amount_cents] == [3000, 6000]
    assert on_birthday(second, born, PARIS, at_birthday(born, 16) + timedelta(days=1)) is None


def test_the_top_up_waits_for_midnight_of_the_birthday() -> None:
    born = date(2007, 3, 10)
    first = granted(born, datetime(2022, 5, 1, tzinfo=UTC))
    assert on_birthday(first, born, PARIS, at_birthday(born, 16) - INSTANT) is None
    assert topped_up(on_birthday(first, born, PARIS, at_birthday(born, 16))).amount_cents == 5000


def test_a_birthday_paid_with_the_file_is_not_paid_again_that_night() -> None:
    """Opened at 15, finished on the very day of 16: both parts at once, and no more."""
    born = date(2007, 3, 10)
    finished = at_birthday(born, 16) + timedelta(hours=9)
    decision = decide_grant(candidate(born, at_birthday(born, 16) - INSTANT), finished, POLICY)
    assert isinstance(decision, NewGrant)
    assert decision.grant.amount_cents == 5000
    assert on_birthday(decision.grant, born, PARIS, finished + timedelta(hours=6)) is None


def test_an_age_that_the_run_missed_is_not_caught_up() -> None:
    born = date(2007, 3, 10)
    first = granted(born, datetime(2022, 5, 1, tzinfo=UTC))
    late = topped_up(on_birthday(first, born, PARIS, at_birthday(born, 17)))
    assert late.amount_cents == 5000
    assert late.top_ups == (TopUpKind.AGE_17,)


def test_E67_what_is_left_at_18_is_lost_and_300_euros_follow() -> None:
    born = date(2005, 3, 10)
    underage = granted(born, datetime(2022, 5, 1, tzinfo=UTC))
    majority = at_birthday(born, 18)
    assert underage.expires_at == majority
    assert underage.is_active(majority - INSTANT)
    assert leftover(underage, 500, 0, majority) is None
    assert on_birthday(underage, born, PARIS, majority) is None
    adult = granted(born, majority, underage)
    assert (adult.kind, adult.amount_cents) == (GrantKind.GRANT_18_V2, 30000)


def test_T05_since_the_reform_what_is_left_of_an_ended_15_17_goes_into_the_credit_of_18() -> None:
    for born, leaves in ((date(2007, 2, 28), False), (date(2007, 3, 1), True)):
        majority = at_birthday(born, 18)
        ended = Grant(GrantKind.GRANT_15_17, 8000, datetime(2024, 4, 1, tzinfo=UTC), majority)
        now = max(majority, REFORM) + timedelta(days=7)
        decision = decide_grant(candidate(born, now, ended), now, POLICY)
        assert isinstance(decision, NewGrant)
        assert decision.replaces == (ended if leaves else None)
        left = leftover(ended, 5500, 0, now)
        assert left == (TopUp(TopUpKind.PREVIOUS_DEPOSIT, 2500) if leaves else None)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=200)])
def test_E70_a_second_grant_of_18_is_refused(later: timedelta) -> None:
    born = date(2003, 3, 10)
    now = datetime(2021, 6, 1, tzinfo=UTC)
    first = granted(born, now)
    again = decide_grant(candidate(born, now + later, first), now + later, POLICY)
    assert again == GrantAlreadyGiven(GrantFamily.AGE_18)


def test_E71_17_gets_50_then_150_more_at_18_on_one_grant_until_21() -> None:
    born = date(2009, 1, 20)
    at_17 = granted(born, datetime(2026, 5, 1, tzinfo=UTC))
    assert (at_17.kind, at_17.amount_cents) == (GrantKind.GRANT_17_18, 5000)
    now = datetime(2027, 2, 1, tzinfo=UTC)
    completed = decide_grant(candidate(born, now, at_17), now, POLICY)
    at_18 = topped_up(completed)
    assert completed == ToppedUp(at_17, at_18, (TopUp(TopUpKind.AGE_18, 15000),))
    assert at_18.top_ups == (TopUpKind.AGE_17, TopUpKind.AGE_18)
    spent_cents = 2000
    assert at_18.amount_cents - spent_cents == 18000
    assert at_18.expires_at == datetime(2030, 1, 20, 11, tzinfo=UTC)
    assert at_18.granted_at == at_17.granted_at
    again = decide_grant(candidate(born, now, at_18), now, POLICY)
    assert again == GrantAlreadyGiven(GrantFamily.AGE_17_18)


def test_E72_somebody_of_noumea_is_refused_for_residence_until_2024() -> None:
    for now, refused in (
        (midnight(PARIS, 2024, 1, 1) - INSTANT, True),
        (datetime(2026, 5, 1, tzinfo=UTC), False),
    ):
        born = date(now.year - 18, 1, 1)
        decision = decide_grant(candidate(born, now, department="988"), now, POLICY)
        assert (decision == ResidenceExcluded("988")) is refused


@pytest.mark.parametrize(
    ("now", "department", "kind", "cents"),
    [
        (datetime(2018, 10, 1, tzinfo=UTC), "29", GrantKind.GRANT_18_V0, 50000),
        (datetime(2019, 10, 1, tzinfo=UTC), "93", GrantKind.GRANT_18_V1, 50000),
        (datetime(2022, 10, 1, tzinfo=UTC), "75", GrantKind.GRANT_18_V2, 30000),
        (datetime(2026, 11, 22, tzinfo=UTC), "75", GrantKind.GRANT_17_18, 15000),
    ],
)
def test_an_18_year_old_of_each_year(now: datetime, department: str, kind: GrantKind, cents: int) -> None:
    born = date(now.year - 18, 2, 1)
    decision = decide_grant(candidate(born, now, department=department), now, POLICY)
    assert isinstance(decision, NewGrant)
    assert (decision.grant.kind, decision.grant.amount_cents) == (kind, cents)


def test_the_questions_are_asked_in_order_role_residence_age_steps() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    worst = Candidate(
        date(1990, 1, 1), "987", now, replace(WHOLE, email_confirmed=False), roles=frozenset({Role.ADMIN})
    )
    assert decide_grant(worst, now, POLICY) == RoleForbidden()
    worst = replace(worst, roles=frozenset())
    assert decide_grant(worst, now, POLICY) == ResidenceExcluded("987")
    worst = replace(worst, department="75")
    assert decide_grant(worst, now, POLICY) == NotEligibleAge(36)
    worst = replace(worst, birth_date=date(2008, 1, 1))
    assert decide_grant(worst, now, POLICY) == StepMissing(Step.EMAIL)


def test_the_pilot_is_for_its_departments_only() -> None:
    now = datetime(2019, 2, 1, tzinfo=UTC)
    decision = decide_grant(candidate(date(2001, 1, 1), now, department="75"), now, POLICY)
    assert decision == ResidenceExcluded("75")


def test_an_active_18_v2_stands_in_the_way_of_a_17_18() -> None:
    born = date(2006, 4, 1)
    old = granted(born, REFORM - timedelta(days=10))
    decision = decide_grant(candidate(born, REFORM, old), REFORM, POLICY)
    assert decision == ActiveGrantExists()


@pytest.mark.parametrize("kind", [GrantKind.GRANT_FREE, GrantKind.GRANT_15_17])
def test_an_underage_grant_gives_way_to_a_17_18_and_leaves_its_leftover(kind: GrantKind) -> None:
    born = date(2008, 6, 1)
    now = datetime(2025, 7, 1, tzinfo=UTC)
    old = Grant(kind, 5000, datetime(2025, 2, 1, tzinfo=UTC), at_birthday(born, 18))
    decision = decide_grant(candidate(born, now, old), now, POLICY)
    assert isinstance(decision, NewGrant)
    assert decision.replaces == old
    assert decision.grant.amount_cents == 5000
    assert leftover(old, spent_cents=2000, moved_cents=800, now=now) == TopUp(
        TopUpKind.PREVIOUS_DEPOSIT, 3800
    )


def test_since_the_reform_a_holder_of_15_17_moves_on_at_17() -> None:
    born = date(2008, 6, 1)
    old = Grant(GrantKind.GRANT_15_17, 5000, datetime(2025, 2, 1, tzinfo=UTC), at_birthday(born, 18))
    assert on_birthday(old, born, PARIS, at_birthday(born, 17) - INSTANT) is None
    moved = on_birthday(old, born, PARIS, at_birthday(born, 17))
    assert isinstance(moved, NewGrant)
    assert moved.replaces == old
    assert (moved.grant.kind, moved.grant.amount_cents) == (GrantKind.GRANT_17_18, 5000)
    majority = at_birthday(born, 18)
    whole = topped_up(decide_grant(candidate(born, majority, old, moved.grant), majority, POLICY))
    assert whole.amount_cents == 20000


def test_since_the_reform_the_16th_birthday_brings_nothing() -> None:
    born = date(2009, 6, 1)
    old = Grant(GrantKind.GRANT_15_17, 2000, datetime(2025, 2, 1, tzinfo=UTC), at_birthday(born, 18))
    assert on_birthday(old, born, PARIS, at_birthday(born, 16)) is None


@pytest.mark.parametrize(("age", "born"), [(16, date(2005, 12, 15)), (17, date(2004, 12, 15))])
def test_birthdays_are_paid_from_the_public_launch_of_2022(age: int, born: date) -> None:
    of_the_trial = Grant(
        GrantKind.GRANT_15_17, 2000, datetime(2021, 10, 1, tzinfo=UTC), at_birthday(born, 18)
    )
    assert on_birthday(of_the_trial, born, PARIS, UNDERAGE_LAUNCH - INSTANT) is None
    assert topped_up(on_birthday(of_the_trial, born, PARIS, UNDERAGE_LAUNCH)).amount_cents == 5000


@pytest.mark.parametrize(("age", "born"), [(16, date(2009, 2, 15)), (17, date(2008, 2, 15))])
def test_birthdays_are_topped_up_until_the_last_instant_before_the_reform(age: int, born: date) -> None:
    grant = Grant(GrantKind.GRANT_15_17, 2000, datetime(2025, 1, 1, tzinfo=UTC), at_birthday(born, 18))
    last = on_birthday(grant, born, PARIS, REFORM - INSTANT)
    assert topped_up(last).amount_cents == 5000
    assert not isinstance(on_birthday(grant, born, PARIS, REFORM), ToppedUp)


def test_who_had_their_17_year_part_before_the_reform_gets_no_second_one() -> None:
    born = date(2008, 1, 15)
    by_top_up = Grant(
        GrantKind.GRANT_15_17,
        6000,
        datetime(2024, 5, 1, tzinfo=UTC),
        at_birthday(born, 18),
        (TopUpKind.AGE_17,),
    )
    assert on_birthday(by_top_up, born, PARIS, REFORM) is None
    for opened_at in (at_birthday(born, 17), datetime(2025, 2, 1, tzinfo=UTC)):
        at_opening = Grant(GrantKind.GRANT_15_17, 3000, opened_at, at_birthday(born, 18))
        assert on_birthday(at_opening, born, PARIS, REFORM) is None


@pytest.mark.parametrize("kind", [kind for kind in GrantKind if kind is not GrantKind.GRANT_15_17])
def test_the_nightly_run_leaves_other_grants_alone(kind: GrantKind) -> None:
    born = date(2008, 6, 1)
    grant = Grant(kind, 5000, datetime(2025, 4, 1, tzinfo=UTC))
    assert on_birthday(grant, born, PARIS, at_birthday(born, 17)) is None


def test_the_bonus_is_given_once_on_an_active_17_18() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    grant = granted(date(2008, 1, 1), now)
    given = bonus(grant, MODEST, now)
    larger = topped_up(given)
    assert given == ToppedUp(grant, larger, (TopUp(TopUpKind.BONUS, 5000),))
    assert larger.amount_cents == 20000
    assert bonus(larger, MODEST, now) == GrantAlreadyGiven(TopUpKind.BONUS)
    assert bonus(replace(grant, expires_at=now), MODEST, now) == GrantAlreadyGiven(TopUpKind.BONUS)
    assert bonus(Grant(GrantKind.GRANT_18_V2, 30000, now), MODEST, now) == GrantAlreadyGiven(TopUpKind.BONUS)
    assert bonus(grant, MODEST, REFORM - INSTANT) == NotEntitledToBonus()


@pytest.mark.parametrize(
    ("situation", "entitled"),
    [
        (Situation(), False),
        (Situation(family_quotient_euros=700), True),
        (Situation(family_quotient_euros=701), False),
        (Situation(701, receives_aah=True), True),
        (Situation(receives_aeeh=True), True),
    ],
)
def test_T09_the_bonus_is_for_a_small_family_quotient_or_an_allowance(
    situation: Situation, entitled: bool
) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    grant = granted(date(2008, 1, 1), now)
    assert isinstance(bonus(grant, situation, now), ToppedUp) is entitled
    assert bonus(grant, situation, REFORM - INSTANT) == NotEntitledToBonus()


def test_a_grant_spent_to_the_last_cent_leaves_nothing() -> None:
    grant = Grant(GrantKind.GRANT_15_17, 5000, REFORM)
    assert leftover(grant, 5000, 0, REFORM) is None
    assert leftover(grant, 4999, 0, REFORM) == TopUp(TopUpKind.PREVIOUS_DEPOSIT, 1)


@given(
    born=st.dates(date(2005, 1, 1), date(2010, 12, 31)),
    first_day=st.integers(0, 1600),
    gaps=st.lists(st.integers(1, 200), max_size=25),
)
def test_nobody_is_ever_granted_more_than_the_rules_add_up_to(
    born: date, first_day: int, gaps: list[int]
) -> None:
    """Any rhythm of files and nightly runs: one grant a family, each top-up once, no total too large."""
    now = datetime(2022, 1, 2, 5, tzinfo=UTC) + timedelta(days=first_day)
    held: list[Grant] = []
    for gap in [0, *gaps]:
        now += timedelta(days=gap)
        for index, grant in enumerate(held):
            outcome = on_birthday(grant, born, PARIS, now)
            if isinstance(outcome, ToppedUp):
                held[index] = outcome.grant
            elif isinstance(outcome, NewGrant) and not any(g.family is outcome.grant.family for g in held):
                held[index] = replace(grant, expires_at=now)
                held.append(outcome.grant)
        decision = decide_grant(candidate(born, now, *held), now, POLICY)
        if isinstance(decision, NewGrant):
            held = [replace(g, expires_at=now) if g == decision.replaces else g for g in held] + [
                decision.grant
            ]
        elif isinstance(decision, ToppedUp):
            held[held.index(decision.previous)] = decision.grant
    families = [grant.family for grant in held]
    assert len(set(families)) == len(families)
    for grant in held:
        assert len(set(grant.top_ups)) == len(grant.top_ups)
        ceiling = {GrantFamily.AGE_18: 30000, GrantFamily.AGE_15_17: 9000, GrantFamily.AGE_17_18: 20000}
        assert grant.amount_cents <= ceiling.get(grant.family, 0)
    assert sum(grant.is_active(now) for grant in held) <= 1
