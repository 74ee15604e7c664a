"""One-shot secrets mailed to people, and sessions: how long they live (domain.md §2.7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from identity.domain.refusals import InvalidToken


class TokenPurpose(StrEnum):
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a secret
    CHANGE_EMAIL = "change_email"
    CHECK_IDENTITY = "check_identity"


LIFETIMES = MappingProxyType(
    {
        TokenPurpose.CONFIRM_EMAIL: timedelta(hours=24),
        TokenPurpose.RESET_PASSWORD: timedelta(hours=24),
        TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
        TokenPurpose.CHECK_IDENTITY: timedelta(hours=12),
    }
)

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=31)


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
