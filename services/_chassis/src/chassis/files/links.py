"""Links that expire: whoever holds one may read that file until then. Pure but for the key."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Final
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SECONDS: Final = re.compile(r"[0-9]{1,11}")


class Verdict(Enum):
    GOOD = auto()
    EXPIRED = auto()
    """Signed by us, too late."""
    FORGED = auto()
    """Not signed by us, or changed since."""


@dataclass(frozen=True, slots=True)
class LinkKey:
    """Signs the links of one context, with a key of their own derived from the platform's sealing key."""

    _key: bytes

    @classmethod
    def derive(cls, sealing_key: str, context: str) -> "LinkKey":
        """`sealing_key`: 32 bytes in base64. A link of one context is worth nothing in another."""
        derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"chassis.files.links/1/" + context.encode())
        return cls(derived.derive(base64.b64decode(sealing_key)))

    def query(self, name: str, filename: str, expires_at: datetime) -> str:
        """What follows `?` in the link to `name` that is saved as `filename` and good until before `expires_at`."""
        expires = str(int(expires_at.timestamp()))
        parts = {"filename": filename, "expires": expires, "signature": self._sign(name, filename, expires)}
        return urlencode(parts)

    def verdict(self, name: str, filename: str, expires: str, signature: str, now: datetime) -> Verdict:
        expected = self._sign(name, filename, expires)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            return Verdict.FORGED
        if not _SECONDS.fullmatch(expires) or now >= datetime.fromtimestamp(int(expires), UTC):
            return Verdict.EXPIRED
        return Verdict.GOOD

    def _sign(self, name: str, filename: str, expires: str) -> str:
        # Lengths first: no part can pass for the end of another.
        parts = [part.encode("utf-8", "replace") for part in (name, filename, expires)]
        signed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return base64.urlsafe_b64encode(hmac.digest(self._key, signed, hashlib.sha256)).decode().rstrip("=")
