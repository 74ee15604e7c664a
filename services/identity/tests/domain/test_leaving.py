"""Leaving, coming back within 60 days, and when nothing personal is kept any more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from identity.domain.leaving import KeptAccount, check_deactivation, comes_back_until, is_over
from identity.domain.refusals import TeamDoesNotLeave
from identity.domain.roles import Role
from identity.domain.suspension import SuspensionReason, is_fraud

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LEFT = SuspensionReason.UPON_USER_REQUEST
ACTIVE = KeptAccount(
    roles=frozenset(),
    reason=None,
    suspended_at=None,
    last_seen_at=NOW,
    birth_date=date(2008, 1, 1),
    is_beneficiary=False,
    credit_ends_at=None,
    acts_for_others=False,
    zone="Europe/Paris",
)


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


GONE = replace(ACTIVE, reason=LEFT, suspended_at=days_ago(61))
UNUSED = replace(ACTIVE, last_seen_at=datetime(2023, 6, 14, 12, tzinfo=UTC))
HOLDER = replace(GONE, is_beneficiary=True, credit_ends_at=NOW + timedelta(days=100))


@pytest.mark.parametrize(
    ("roles", "refused"),
    [
        (set(), None),
        ({Role.BENEFICIARY}, None),
        ({Role.PRO}, None),
        ({Role.ADMIN}, TeamDoesNotLeave()),
        ({Role.FINANCE}, TeamDoesNotLeave()),
    ],
)
def test_everybody_may_leave_but_the_team(roles: set[Role], refused: TeamDoesNotLeave | None) -> None:
    assert check_deactivation(frozenset(roles)) == refused


def test_the_way_back_is_open_for_60_days_to_the_last_instant() -> None:
    assert comes_back_until(LEFT, days_ago(60), NOW) == NOW
    assert comes_back_until(LEFT, days_ago(60) - timedelta(microseconds=1), NOW) is None


@pytest.mark.parametrize("reason", [None, *(each for each in SuspensionReason if each is not LEFT)])
def test_who_was_suspended_does_not_come_back_alone(reason: SuspensionReason | None) -> None:
    assert comes_back_until(reason, days_ago(1), NOW) is None


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (ACTIVE, False),
        (GONE, True),
        (replace(GONE, suspended_at=days_ago(60)), False),
        (replace(GONE, acts_for_others=True), False),
        (replace(GONE, roles=frozenset({Role.ADMIN})), False),
        # of who had a credit: from the 21st birthday on, at midnight where they live
        (HOLDER, False),
        (replace(HOLDER, birth_date=date(2005, 6, 15)), True),
        (replace(HOLDER, birth_date=date(2005, 6, 16)), False),
        (replace(HOLDER, birth_date=None), False),
        # not seen for three years
        (UNUSED, True),
        (replace(UNUSED, last_seen_at=datetime(2023, 6, 15, 12, tzinfo=UTC)), False),
        (replace(UNUSED, acts_for_others=True), False),
        (replace(UNUSED, roles=frozenset({Role.FINANCE})), False),
        (replace(UNUSED, is_beneficiary=True, credit_ends_at=datetime(2021, 6, 14, 12, tzinfo=UTC)), True),
        (replace(UNUSED, is_beneficiary=True, credit_ends_at=datetime(2021, 6, 15, 12, tzinfo=UTC)), False),
        (replace(UNUSED, is_beneficiary=True, credit_ends_at=None), False),
        # fraud is kept for five years
        (
            replace(
                UNUSED,
                reason=SuspensionReason.FRAUD_HACK,
                suspended_at=datetime(2021, 6, 15, 12, tzinfo=UTC),
            ),
            False,
        ),
        (
            replace(
                UNUSED,
                reason=SuspensionReason.FRAUD_HACK,
                suspended_at=datetime(2021, 6, 14, 12, tzinfo=UTC),
            ),
            True,
        ),
        (replace(UNUSED, reason=SuspensionReason.END_OF_CONTRACT, suspended_at=NOW), True),
    ],
)
def test_when_nothing_personal_is_kept_any_more(account: KeptAccount, *, expected: bool) -> None:
    assert is_over(account, NOW) is expected


def test_eleven_reasons_are_fraud() -> None:
    assert len([each for each in SuspensionReason if is_fraud(each)]) == 11
    assert not is_fraud(None)
