"""Sign-in, throttling, one-shot tokens (domain.md §2.7, §2.8)."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.domain.account_tokens import AccountToken, TokenPurpose, check_token, lifetime_of
from identity.domain.refusals import EmailNotConfirmed, InvalidCredentials, InvalidToken
from identity.domain.sign_in import Account, check_sign_in

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
        (Account(is_active=True, email_confirmed=False), True),
    ],
)
def test_unknown_wrong_and_inactive_have_one_answer(account: Account | None, password_matches: bool) -> None:
    assert check_sign_in(account, password_matches, form_matches=False) == InvalidCredentials()
    assert check_sign_in(account, password_matches, form_matches=True) == EmailNotConfirmed()


def test_a_good_account_signs_in_whatever_forms_wait() -> None:
    for form_matches in (True, False):
        assert check_sign_in(Account(True, True), True, form_matches) is None


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


@pytest.mark.parametrize(
    ("mailed_at", "app", "pro"),
    [
        (datetime(2021, 6, 1, tzinfo=UTC), timedelta(hours=24), timedelta(hours=24)),
        (NOW, timedelta(minutes=30), timedelta(days=90)),
    ],
)
def test_J02_a_confirmation_link_lives_30_minutes_and_90_days_for_a_pro(
    mailed_at: datetime, app: timedelta, pro: timedelta
) -> None:
    assert (lifetime_of(CONFIRM, mailed_at), lifetime_of(CONFIRM, mailed_at, is_pro=True)) == (app, pro)


def test_every_purpose_has_a_lifetime() -> None:
    assert all(lifetime_of(purpose, NOW) > timedelta(0) for purpose in TokenPurpose)
