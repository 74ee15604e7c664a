"""What we send is verified by the Standard Webhooks library; what we are sent, by us as strictly."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from chassis.outbound.signing import (
    BadSignature,
    body_signature,
    has_body_signature,
    new_secret,
    verified_webhook_id,
    webhook_headers,
)

NOW = datetime(2026, 11, 22, 10, 0, 0, 900_000, tzinfo=UTC)
OLD, NEW, FOREIGN = new_secret(), new_secret(), new_secret()


@given(st.text())
def test_what_we_sign_the_library_verifies_with_either_secret_of_a_rotation(text: str) -> None:
    body = text.encode("utf-8", "replace")
    headers = webhook_headers([NEW, OLD], "msg_1", body, datetime.now(UTC))
    for secret in (NEW, OLD):
        Webhook(secret.get_secret_value()).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(FOREIGN.get_secret_value()).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW.get_secret_value()).verify(body + b" ", headers, json_parse=False)


def test_what_the_library_signs_we_verify_with_either_secret_of_a_rotation() -> None:
    signature = Webhook(OLD.get_secret_value()).sign("msg_1", NOW, '{"a":1}')
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": f"v1a,zzz {signature}",
    }
    assert verified_webhook_id([NEW, OLD], headers, b'{"a":1}', NOW) == "msg_1"
    with pytest.raises(BadSignature):
        verified_webhook_id([NEW], headers, b'{"a":1}', NOW)
    with pytest.raises(BadSignature):
        verified_webhook_id([], headers, b'{"a":1}', NOW)


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({"webhook-id": "msg_2"}, b"{}"),
        ({"webhook-id": "msg.1"}, b"{}"),
        ({"webhook-id": ""}, b"{}"),
        ({"webhook-timestamp": "1795341601"}, b"{}"),
        ({"webhook-timestamp": "17953416e2"}, b"{}"),
        ({"webhook-timestamp": "9" * 30}, b"{}"),
        ({"webhook-timestamp": ""}, b"{}"),
        ({"webhook-signature": ""}, b"{}"),
        ({"webhook-signature": "v1,"}, b"{}"),
        ({"webhook-signature": "v1,é"}, b"{}"),
        ({}, b"{ }"),
    ],
)
def test_anything_changed_on_the_way_is_refused(changed: dict[str, str], body: bytes) -> None:
    headers = webhook_headers([NEW], "msg_1", b"{}", NOW)
    assert verified_webhook_id([NEW], headers, b"{}", NOW) == "msg_1"
    with pytest.raises(BadSignature):
        verified_webhook_id([NEW], {**headers, **changed}, body, NOW)


@pytest.mark.parametrize(
    ("later", "good"),
    [
        (timedelta(0), True),
        (timedelta(minutes=4, seconds=59), True),
        (timedelta(minutes=5, seconds=1), False),
        (timedelta(minutes=-4, seconds=-59), True),
        (timedelta(minutes=-5, seconds=-2), False),
    ],
)
def test_a_message_is_good_for_five_minutes_only(later: timedelta, good: bool) -> None:
    headers = webhook_headers([NEW], "msg_1", b"{}", NOW)
    if good:
        assert verified_webhook_id([NEW], headers, b"{}", NOW + later)
    else:
        with pytest.raises(BadSignature):
            verified_webhook_id([NEW], headers, b"{}", NOW + later)


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_dG9vIHNob3J0", "whsec_***", "bm90IHByZWZpeGVkIGJ1dCBsb25nIGVub3VnaA=="]
)
def test_a_malformed_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(ValueError, match="webhook secret"):
        webhook_headers([SecretStr(secret)], "msg_1", b"{}", NOW)


@pytest.mark.parametrize("message_id", ["", "a b", "a.b", "é", "a" * 129])
def test_an_id_that_could_be_read_two_ways_signs_nothing(message_id: str) -> None:
    with pytest.raises(ValueError, match="plain id"):
        webhook_headers([NEW], message_id, b"{}", NOW)


def test_a_body_signature_is_the_known_hmac_and_any_current_secret_is_good() -> None:
    secret = SecretStr("key")
    quick = b"The quick brown fox jumps over the lazy dog"
    known = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    assert body_signature(secret, quick) == known
    assert has_body_signature([NEW, secret], quick, known)
    assert not has_body_signature([NEW], quick, known)
    assert not has_body_signature([secret], quick + b".", known)
    assert not has_body_signature([secret], quick, "é")
