"""Sign-in, throttling, one-shot tokens (domain.md §2.7, §2.8)."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.domain.account_tokens import LIFETIMES, AccountToken, TokenPurpose, check_token
from identity.domain.refusals import EmailNotConfirmed, InvalidCredentials, InvalidToken
from identity.domain.sign_in import Account, check_sign_in, may_try

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONFIRM = TokenPurpose.CONFIRM_EMAIL


@pytest.mark.parametrize(
    ("account", "password_matches"),
    [
        (None, False),
        (None, True),
        (Account(is_active=True, email_confirmed=True), False),
        (Account(is_active=False, email_confirmed=True), True),
        (Account(is_active=True, email_confirmed=False), False),
    ],
)
def test_unknown_wrong_and_inactive_have_one_answer(account: Account | None, password_matches: bool) -> None:
    assert check_sign_in(account, password_matches) == InvalidCredentials()


def test_an_unconfirmed_address_is_said_to_who_knows_the_password_only() -> None:
    account = Account(is_active=True, email_confirmed=False)
    assert check_sign_in(account, True) == EmailNotConfirmed()


def test_a_good_account_signs_in() -> None:
    assert check_sign_in(Account(True, True), True) is None


def test_the_eleventh_try_of_a_minute_is_refused() -> None:
    assert may_try(9)
    assert not may_try(10)


def test_a_token_is_still_valid_at_the_instant_of_its_expiry() -> None:
    token = AccountToken(CONFIRM, expires_at=NOW)
    assert check_token(token, CONFIRM, NOW) is None
    assert check_token(token, CONFIRM, NOW + timedelta(microseconds=1)) == InvalidToken()


@pytest.mark.parametrize(
    "token",
    [
        None,
        AccountToken(CONFIRM, NOW + timedelta(hours=1), used_at=NOW),
        AccountToken(TokenPurpose.RESET_PASSWORD, NOW + timedelta(hours=1)),
    ],
)
def test_unknown_used_and_foreign_tokens_look_the_same(token: AccountToken | None) -> None:
    assert check_token(token, CONFIRM, NOW) == InvalidToken()


def test_a_confirmation_link_lives_24_hours() -> None:
    assert LIFETIMES[CONFIRM] == timedelta(hours=24)
    assert set(LIFETIMES) == set(TokenPurpose)
