"""Changing the address of an account: who may, and where a change stands."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.domain.email_changes import LIFETIME, EmailChangeStatus, check_email_change, status_at
from identity.domain.refusals import EmailOfTheTeam, SameEmail
from identity.domain.roles import Role

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("roles", "new_email", "expected"),
    [
        (set(), "b@example.com", None),
        ({Role.BENEFICIARY}, "b@example.com", None),
        ({Role.PRO}, "b@example.com", None),
        ({Role.ADMIN}, "b@example.com", EmailOfTheTeam()),
        ({Role.FINANCE}, "b@example.com", EmailOfTheTeam()),
        (set(), "a@example.com", SameEmail()),
    ],
)
def test_who_may_move_where(
    roles: set[Role], new_email: str, expected: EmailOfTheTeam | SameEmail | None
) -> None:
    assert check_email_change(frozenset(roles), "a@example.com", new_email) == expected


def test_a_step_takes_24_hours() -> None:
    assert timedelta(hours=24) == LIFETIME


@pytest.mark.parametrize("status", [EmailChangeStatus.ASKED, EmailChangeStatus.CONFIRMED])
def test_what_is_open_expires_after_its_last_instant(status: EmailChangeStatus) -> None:
    assert status_at(status, NOW, NOW) is status
    assert status_at(status, NOW, NOW + timedelta(microseconds=1)) is EmailChangeStatus.EXPIRED


@pytest.mark.parametrize("status", [EmailChangeStatus.APPLIED, EmailChangeStatus.CANCELLED])
def test_what_is_over_does_not_expire(status: EmailChangeStatus) -> None:
    assert status_at(status, NOW, NOW + timedelta(days=365)) is status
