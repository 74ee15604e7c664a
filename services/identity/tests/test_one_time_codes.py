"""Codes of six digits: those of RFC 6238, for thirty seconds and one step of drift."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.factors import prepared_code
from identity.one_time_codes import matching_step, new_totp_secret, otpauth_uri

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""`12345678901234567890`, the secret of RFC 6238's own examples."""


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")]
)
def test_the_examples_of_the_rfc(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(SECRET, code, at) == seconds // 30


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_one_step_off(steps: int, is_taken: bool) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    code = pyotp.TOTP(SECRET).at(now + steps * timedelta(seconds=30))
    expected = int(now.timestamp()) // 30 + steps if is_taken else None
    assert matching_step(SECRET, code, now) == expected


@given(st.text(max_size=12))
def test_whatever_is_typed_breaks_nothing(typed: str) -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    codes = {pyotp.TOTP(SECRET).at(at, counter_offset=offset) for offset in (-1, 0, 1)}
    assert (matching_step(SECRET, typed, at) is not None) is (prepared_code(typed) in codes)


def test_digits_of_other_scripts_are_none() -> None:
    assert matching_step(SECRET, "٢٨٧٠٨٢", datetime.fromtimestamp(59, UTC)) is None


def test_a_secret_is_160_bits_and_new_each_time() -> None:
    secrets = {new_totp_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(pyotp.TOTP(secret).byte_secret()) for secret in secrets} == {20}


def test_an_application_reads_the_uri() -> None:
    read = pyotp.parse_uri(otpauth_uri(SECRET, "equipe@example.com"))
    assert (read.secret, read.name, read.issuer) == (SECRET, "equipe@example.com", "pass Culture")
