"""What the team signs in with besides a password, and for how long each step of it is good.

Source: ADR 0021; OWASP ASVS 5.0 V6.3.3 and V6.5; RFC 6238 (codes), RFC 8176 (names of methods).
"""

from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

CHALLENGE_LIFETIME: Final = timedelta(minutes=5)
"""Between the password and the factor. At its very end a challenge is still good."""

CHALLENGE_TRIES: Final = 5
"""Answers to one challenge, right or wrong; then the password is asked for again."""

CODE_WINDOW: Final = timedelta(hours=1)
"""Wrong codes of one person are counted by the hour, whichever challenge they answer."""

CODE_DAY: Final = timedelta(days=1)
CODES_PER_DAY: Final = 30
"""Wrong codes of one person. Three of a million are right at a time: of those who have a password and go on for a whole
year, one in 30 finds one; ten an hour would have let in one in four."""

ENROLMENT_LIFETIME: Final = timedelta(hours=72)
"""How long somebody of the team may register their first factor: a weekend after the operator made the account."""

CODE_STEP: Final = timedelta(seconds=30)
CODE_DRIFT_STEPS: Final = 1
"""How far the clock of a telephone may be off, in steps, either way (RFC 6238 §5.2)."""

RECOVERY_CODES: Final = 8


class Factor(StrEnum):
    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


class Method(StrEnum):
    """How a session was opened, as its tokens say it (`amr`)."""

    PASSWORD = "pwd"  # noqa: S105 - the name of a method
    ONE_TIME_CODE = "otp"
    KEY = "pop"
    USER_PRESENT = "user"
    SEVERAL = "mfa"


PASSWORD_ALONE: Final = frozenset({Method.PASSWORD})

_METHODS: Final = MappingProxyType(
    {
        Factor.TOTP: frozenset({Method.ONE_TIME_CODE}),
        Factor.PASSKEY: frozenset({Method.KEY, Method.USER_PRESENT}),
        Factor.RECOVERY_CODE: frozenset({Method.ONE_TIME_CODE}),
    }
)


def methods_with(factor: Factor) -> frozenset[Method]:
    """How a session was opened by a password and this factor."""
    return PASSWORD_ALONE | _METHODS[factor] | {Method.SEVERAL}


def prepared_code(typed: str) -> str:
    """A code as it is compared: people copy it in groups, with blanks or hyphens, in any case."""
    return "".join(sign for sign in typed if not sign.isspace() and sign != "-").upper()
