"""Personal data travels sealed inside events.

Topics, dead letters and logs are read by operators and kept by machines; names, addresses and
contremarques in them are encrypted with the platform's sealing key (AES-256-GCM), which only
the services hold.
"""

import base64
import os
from collections.abc import Mapping
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.encoding import to_json

_NONCE_BYTES = 12


class SealBroken(ValueError):
    """The text was not sealed with this key, or was changed on the way."""


class Sealer:
    def __init__(self, key: str) -> None:
        """`key`: 32 random bytes in base64. Raises ValueError on anything else."""
        try:
            raw = base64.b64decode(key, validate=True)
        except ValueError:
            raise ValueError("the sealing key is not base64") from None
        if len(raw) != 32:
            raise ValueError("the sealing key must be 32 bytes in base64")
        self._cipher = AESGCM(raw)

    def seal(self, fields: Mapping[str, Any]) -> str:
        """The fields as one opaque text; two calls never give the same text."""
        nonce = os.urandom(_NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, to_json(dict(fields)), None)).decode()

    def open(self, text: str) -> dict[str, Any]:
        """The fields sealed in `text`. Raises SealBroken."""
        try:
            raw = base64.b64decode(text, validate=True)
            plain = self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError):
            raise SealBroken("sealed data cannot be opened with this key") from None
        fields: dict[str, Any] = orjson.loads(plain)
        return fields

    @staticmethod
    def new_key() -> str:
        """A fresh key, in the form the constructor takes."""
        return base64.b64encode(os.urandom(32)).decode()
