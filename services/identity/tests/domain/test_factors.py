"""How long each step of the team's sign-in is good, and how a code is read."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.domain.factors import (
    CHALLENGE_LIFETIME,
    CHALLENGE_TRIES,
    PASSWORD_ALONE,
    Factor,
    Method,
    methods_with,
    prepared_code,
)
from identity.domain.refusals import EmailNotConfirmed, InvalidCredentials
from identity.domain.roles import Role, session_is_strong_enough
from identity.domain.sign_in import Account, check_sign_in

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_challenge_is_short_and_bounded() -> None:
    assert timedelta(minutes=5) >= CHALLENGE_LIFETIME
    assert CHALLENGE_TRIES <= 5


@pytest.mark.parametrize("factor", Factor)
def test_a_session_with_a_factor_says_so(factor: Factor) -> None:
    methods = methods_with(factor)
    assert {Method.PASSWORD, Method.SEVERAL} < methods
    assert session_is_strong_enough(frozenset({Role.ADMIN}), methods)


@pytest.mark.parametrize("role", Role)
def test_a_password_alone_opens_no_session_of_the_team(role: Role) -> None:
    is_team = role in (Role.ADMIN, Role.FINANCE)
    assert session_is_strong_enough(frozenset({role}), PASSWORD_ALONE) is not is_team


@pytest.mark.parametrize("typed", ["123456", "123 456", " 123-456\n", "123\u00a0456"])
def test_a_code_is_read_however_it_is_grouped(typed: str) -> None:
    assert prepared_code(typed) == "123456"


def test_a_recovery_code_is_read_in_any_case() -> None:
    assert prepared_code("abcd-EFGH 2345") == "ABCDEFGH2345"


@pytest.mark.parametrize("is_team", [True, False])
@pytest.mark.parametrize("door_of_the_team", [True, False])
def test_each_has_a_door_and_a_right_password_at_the_other_is_a_wrong_one(
    is_team: bool, door_of_the_team: bool
) -> None:
    account = Account(is_active=True, email_confirmed=True, is_team=is_team)
    found = [
        check_sign_in(account, True, form_matches, door_of_the_team=door_of_the_team)
        for form_matches in (False, True)
    ]
    at_home = is_team is door_of_the_team
    assert found == ([None, None] if at_home else [InvalidCredentials(), EmailNotConfirmed()])
