"""Personal data travels sealed inside events.

Topics, dead letters and logs are read by operators and kept by machines; names, addresses and
contremarques in them are encrypted with the platform's sealing key (AES-256-GCM), which only
the services hold.

A seal is bound to where it stands: the topic and the id of the aggregate go in as associated data. Copied
into another message it does not open, so nobody with a foothold at the broker can have a stranger's name
shown to them.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.encoding import to_json
from chassis.raw_keys import key_bytes

_NONCE_BYTES = 12
_BROKEN = "sealed data cannot be opened with these keys at this place"


class SealBroken(ValueError):
    """The text was not sealed with this key, or was changed on the way."""


Binding = tuple[str, UUID]
"""Topic and id of the aggregate that a seal belongs to."""


class Sealer:
    def __init__(self, key: str, *older: str) -> None:
        """32 random bytes in base64 each: `key` writes and reads, `older` ones only read.

        Raises ValueError on anything else.
        """
        self._ciphers = [_cipher(each) for each in (key, *older)]
        self._nonce_key = _derived(key, b"chassis.sealed/nonce/1")
        self._pseudonym_key = _derived(key, b"chassis.sealed/pseudonym/1")

    def seal(self, fields: Mapping[str, Any], bound_to: Binding) -> str:
        """The fields as one opaque text; two calls never give the same text."""
        return self._sealed(os.urandom(_NONCE_BYTES), to_json(dict(fields)), _associated(bound_to))

    def seal_alike(self, fields: Mapping[str, Any], bound_to: Binding) -> str:
        """As `seal`, but the same text for the same fields at one place: two of them are seen to be equal."""
        plain, associated = to_json(dict(fields)), _associated(bound_to)
        # Of its own content alone: no two contents have one nonce.
        nonce = hmac.digest(self._nonce_key, associated + b"\n" + plain, hashlib.sha256)[:_NONCE_BYTES]
        return self._sealed(nonce, plain, associated)

    def _sealed(self, nonce: bytes, plain: bytes, associated: bytes) -> str:
        return base64.b64encode(nonce + self._ciphers[0].encrypt(nonce, plain, associated)).decode()

    def pseudonym(self, text: str) -> str:
        """16 hexadecimal digits that stand for `text` while the key lasts: equal for equal texts, and nobody without
        the key can tell of which."""
        return hmac.digest(self._pseudonym_key, text.encode(), hashlib.sha256)[:8].hex()

    def open(self, text: str, bound_to: Binding) -> dict[str, Any]:
        """The fields sealed in `text` for this place. Raises SealBroken."""
        try:
            raw = base64.b64decode(text, validate=True)
        except ValueError:
            raise SealBroken(_BROKEN) from None
        associated = _associated(bound_to)
        for cipher in self._ciphers:
            try:
                plain = cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], associated)
            except (InvalidTag, ValueError):
                continue
            fields: dict[str, Any] = orjson.loads(plain)
            return fields
        raise SealBroken(_BROKEN)

    @staticmethod
    def new_key() -> str:
        """A fresh key, in the form the constructor takes."""
        return base64.b64encode(os.urandom(32)).decode()


def _cipher(key: str) -> AESGCM:
    return AESGCM(key_bytes(key, "sealing key"))


def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=purpose).derive(base64.b64decode(key))


def _associated(bound_to: Binding) -> bytes:
    topic, id_ = bound_to
    return f"{topic}\n{UUID(int=id_.int)}".encode()
