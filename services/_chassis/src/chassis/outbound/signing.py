"""Signatures over a body: Standard Webhooks, and the plain HMAC-SHA256 that older partners know.

Secrets are given newest first. What is sent carries a signature by each, so that the receiver may
change from one to the other when it likes; what is received may be signed by any of them.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import SecretStr

PREFIX: Final = "whsec_"
TOLERANCE: Final = timedelta(minutes=5)
"""How old, or how early, what is received may be."""

_SECRET_BYTES: Final = range(24, 65)
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_SECONDS: Final = re.compile(r"[0-9]{1,11}")
_MOST_SIGNATURES: Final = 8


class BadSignature(Exception):
    """Not signed with one of the secrets, changed on the way, or not of these minutes."""


def new_secret() -> SecretStr:
    """32 random bytes, in the form that Standard Webhooks gives secrets."""
    return SecretStr(PREFIX + base64.b64encode(os.urandom(32)).decode())


def _key(secret: SecretStr) -> bytes:
    """Raises ValueError on anything but `whsec_` and 24 to 64 bytes in base64."""
    text = secret.get_secret_value()
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is base64") from None
    if not text.startswith(PREFIX) or len(key) not in _SECRET_BYTES:
        raise ValueError("a webhook secret is whsec_ and 24 to 64 bytes in base64")
    return key


def webhook_headers(
    secrets: Sequence[SecretStr], message_id: str, body: bytes, now: datetime
) -> dict[str, str]:
    """`webhook-id`, `-timestamp` and `-signature` of one sending of a message.

    `message_id` stays the same when a message is sent again; `now` is the time of this sending.
    Raises ValueError on an id that is not 1 to 128 of `A-Za-z0-9_-`, on no or a malformed secret.
    """
    if not _ID.fullmatch(message_id) or not secrets:
        raise ValueError("a webhook needs a plain id and a secret")
    seconds = str(int(now.timestamp()))
    signatures = [_webhook_signature(_key(secret), message_id, seconds, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def verified_webhook_id(
    secrets: Sequence[SecretStr], headers: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """The id of a message that a holder of one of the secrets sent within `TOLERANCE`. Raises BadSignature.

    `headers` by lower-case names. Inside these minutes the same message may come again: whoever
    acts on it keeps its id, unique, in the transaction of the act.
    """
    message_id = headers.get("webhook-id", "")
    seconds = headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(message_id) or not _SECONDS.fullmatch(seconds):
        raise BadSignature
    if abs(now - datetime.fromtimestamp(int(seconds), UTC)) > TOLERANCE:
        raise BadSignature
    given = headers.get("webhook-signature", "").split(" ")[:_MOST_SIGNATURES]
    found = False
    for secret in secrets:
        expected = f"v1,{_webhook_signature(_key(secret), message_id, seconds, body)}".encode()
        for signature in given:
            # Every pair is compared, so that the time taken tells nothing.
            found |= hmac.compare_digest(expected, signature.encode())
    if not found:
        raise BadSignature
    return message_id


def _webhook_signature(key: bytes, message_id: str, seconds: str, body: bytes) -> str:
    signed = f"{message_id}.{seconds}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def body_signature(secret: SecretStr, body: bytes) -> str:
    """HMAC-SHA256 of the body alone, in hexadecimal: what a header like `X-Signature` holds.

    It says nothing of when: prefer `webhook_headers` wherever the partner lets us choose.
    """
    return hmac.new(secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()


def has_body_signature(secrets: Sequence[SecretStr], body: bytes, given: str) -> bool:
    """Whether `given` is the body's signature by one of the secrets."""
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(body_signature(secret, body).encode(), given.encode())
    return found
