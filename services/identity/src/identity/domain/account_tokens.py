"""One-shot secrets mailed to people, and sessions: how long they live (domain.md §2.7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS
from identity.domain.refusals import InvalidToken


class TokenPurpose(StrEnum):
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a secret
    CHANGE_EMAIL = "change_email"
    CANCEL_EMAIL_CHANGE = "cancel_email_change"
    PROVE_EMAIL = "prove_email"
    REPORT_SIGN_IN = "report_sign_in"
    CHECK_IDENTITY = "check_identity"


_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    confirm_email: timedelta
    confirm_email_pro: timedelta


CONFIRMATION_LIFETIMES: DatedTable[Lifetimes] = DatedTable(
    name="life of the link that confirms an address",
    keyed_by="date of the mail",
    rows=(
        row(BEGINNING, Lifetimes(_DAY, _DAY), source="domain.md §2.7: A, 24 hours for all"),
        row(
            midnight(PARIS, 2022, 1, 1),
            Lifetimes(timedelta(minutes=30), timedelta(days=90)),
            source="domain.md §2.7: M, users/constants.py (2022+): 30 minutes for the young, 90 days for pros",
            note="≈ first year of the newer code",
        ),
    ),
)

_OTHER_LIFETIMES = MappingProxyType(
    {
        TokenPurpose.RESET_PASSWORD: _DAY,
        TokenPurpose.CHANGE_EMAIL: _DAY,
        TokenPurpose.CANCEL_EMAIL_CHANGE: _DAY,
        TokenPurpose.PROVE_EMAIL: _DAY,
        TokenPurpose.REPORT_SIGN_IN: timedelta(days=7),
        TokenPurpose.CHECK_IDENTITY: timedelta(hours=12),
    }
)


def lifetime_of(purpose: TokenPurpose, mailed_at: datetime, *, is_pro: bool = False) -> timedelta:
    """How long a link that is mailed at `mailed_at` is good."""
    if purpose is not TokenPurpose.CONFIRM_EMAIL:
        return _OTHER_LIFETIMES[purpose]
    lifetimes = CONFIRMATION_LIFETIMES.at(mailed_at)
    return lifetimes.confirm_email_pro if is_pro else lifetimes.confirm_email


RESENDS = 3
RESEND_WINDOW = timedelta(hours=24)
"""How often the link that confirms one address is mailed again (M:core/users/api.py, MAX_EMAIL_RESENDS)."""

FORMS_RESENT = 3
"""Of how many of an address's waiting forms: whoever types a stranger's address keeps nobody from their own link."""

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=31)

_CLOCKS_APART = timedelta(minutes=1)


def good_until(last_used_at: datetime) -> datetime:
    """When no access token of a session is good any more by itself; clocks may disagree by a minute."""
    return last_used_at + ACCESS_LIFETIME + _CLOCKS_APART


@dataclass(frozen=True, slots=True)
class AccountToken:
    purpose: TokenPurpose
    expires_at: datetime
    used_at: datetime | None = None


def check_token(token: AccountToken | None, purpose: TokenPurpose, now: datetime) -> InvalidToken | None:
    """Valid when it was never used and has not expired; at the very instant of expiry it still is."""
    if token is None or token.purpose is not purpose:
        return InvalidToken()
    if token.used_at is not None or token.expires_at < now:
        return InvalidToken()
    return None
