"""Digests of what must be recognised but never kept, and secrets that are sent once."""

import hashlib
import hmac
import secrets


class Digester:
    """Keyed digests: without the key nobody can try out addresses, numbers or passwords on them."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"identity digests" + key.encode()).digest()

    def __call__(self, purpose: str, text: str) -> bytes:
        """32 bytes that are equal for equal texts of one purpose."""
        return hmac.digest(self._key, f"{purpose}:{text}".encode(), "sha256")


def new_secret() -> str:
    """A fresh url-safe secret of 32 random bytes."""
    return secrets.token_urlsafe(32)


def secret_digest(secret: str) -> bytes:
    """How a random secret is stored: it has too much entropy to be tried out."""
    return hashlib.sha256(secret.encode()).digest()
