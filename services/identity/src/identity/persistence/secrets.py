"""Digests of what must be recognised but never kept, and secrets that are sent once."""

import hashlib
import hmac
import secrets

from chassis.raw_keys import key_bytes


class Digester:
    """Keyed digests: without the key nobody can try out addresses, numbers or passwords on them.

    Their key is their own, with a life of its own: what was digested once is compared for ever, and
    cannot be digested anew, since the text is not kept. Older keys go on being compared with.
    """

    def __init__(self, key: str, *older: str) -> None:
        """32 random bytes in base64 each; `key` makes the digests that are kept. Raises ValueError on anything else."""
        self._keys = [key_bytes(each, "digest key") for each in (key, *older)]

    def __call__(self, purpose: str, text: str) -> bytes:
        """32 bytes that are equal for equal texts of one purpose: what is kept from now on."""
        return _digest(self._keys[0], purpose, text)

    def each(self, purpose: str, text: str) -> list[bytes]:
        """The digest by each key, the newest first: what is looked for."""
        return [_digest(key, purpose, text) for key in self._keys]


def _digest(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}:{text}".encode(), "sha256")


def new_secret() -> str:
    """A fresh url-safe secret of 32 random bytes."""
    return secrets.token_urlsafe(32)


_RECOVERY_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_RECOVERY_GROUPS = 6


def new_recovery_code() -> str:
    """Twenty-four signs that are not taken for one another, in groups of four: 120 random bits."""
    groups = ("".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(4)) for _ in range(_RECOVERY_GROUPS))
    return "-".join(groups)


def secret_digest(secret: str) -> bytes:
    """How a random secret is stored: it has too much entropy to be tried out."""
    return hashlib.sha256(secret.encode()).digest()
