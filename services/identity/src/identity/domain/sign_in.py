"""Who may open a session, judged so that nobody learns which addresses are known (domain.md §2.8)."""

from dataclasses import dataclass
from datetime import timedelta

from identity.domain.refusals import EmailNotConfirmed, InvalidCredentials

ATTEMPTS_PER_WINDOW = 10
ATTEMPT_WINDOW = timedelta(minutes=1)
"""More than 10 tries in a minute for one address, or from one network address: refused unread."""


@dataclass(frozen=True, slots=True)
class Account:
    is_active: bool
    email_confirmed: bool


def check_sign_in(
    account: Account | None, password_matches: bool
) -> InvalidCredentials | EmailNotConfirmed | None:
    """In order: the account exists, the password is right and the account active, the address confirmed."""
    if account is None or not password_matches or not account.is_active:
        return InvalidCredentials()
    return None if account.email_confirmed else EmailNotConfirmed()


def may_try(attempts_before: int) -> bool:
    """`attempts_before`: tries already made within the last minute."""
    return attempts_before < ATTEMPTS_PER_WINDOW
