"""Codes of six digits that a telephone computes from a shared secret (TOTP, RFC 6238), by `pyotp`."""

from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError

from identity.domain.factors import CODE_DRIFT_STEPS, CODE_STEP, prepared_code

ISSUER = "pass Culture"


def new_totp_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def otpauth_uri(secret: str, account: str) -> str:
    """What an application reads from a QR code: the secret, and under which name it shows the codes."""
    return _totp(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def matching_step(secret: str, typed: str, at: datetime) -> int | None:
    """The step of time whose code this is, the present one or a neighbour of it; None for any other code."""
    code = prepared_code(typed)
    if not (code.isascii() and code.isdigit()):
        return None
    try:
        step: int = _totp(secret).verify_and_get_timecode(code, for_time=at, valid_window=CODE_DRIFT_STEPS)
    except OTPVerificationError:
        return None
    return step


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, interval=int(CODE_STEP.total_seconds()))
