"""The key that signs access tokens, and the tokens themselves (ES256, 15 minutes, wall clock)."""

import json
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from chassis.auth import ALGORITHM, AUDIENCE, ISSUER, TOKEN_TYPE


def load_signing_key(text: str) -> ECKey:
    """The private key in a PEM or JWK text, named by its thumbprint.

    Raises ValueError, which never shows the text, on anything but a private P-256 key.
    """
    try:
        raw: Any = json.loads(text) if text.lstrip().startswith("{") else text
        key = ECKey.import_key(raw)
        usable = key.is_private and key.curve_name == "P-256"
    except (JoseError, ValueError, TypeError, KeyError):
        usable = False
    if not usable:
        raise ValueError("a private P-256 key is needed, as PEM or JWK")
    return ECKey.import_key(
        key.as_dict(private=True) | {"kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
    )


class AccessTokens:
    """Signs access tokens, and shows the public key that verifies them."""

    def __init__(self, key: ECKey, lifetime_seconds: int) -> None:
        self._key = key
        self.lifetime_seconds = lifetime_seconds

    def sign(self, person_id: UUID, roles: Iterable[str], structure_ids: Iterable[UUID]) -> str:
        """A token that says who somebody is, which doors are open and for which structures."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(person_id),
            "roles": sorted(roles),
            "structures": sorted(str(structure_id) for structure_id in structure_ids),
            "iat": now,
            "exp": now + self.lifetime_seconds,
        }
        return jwt.encode({"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": self._key.kid}, claims, self._key)

    def public_keys(self) -> dict[str, Any]:
        """The JSON Web Key Set of `/.well-known/jwks.json`."""
        return {"keys": [self._key.as_dict(private=False)]}

    def key_set(self) -> KeySet:
        """The same keys, for this service's own verification."""
        return KeySet([ECKey.import_key(self._key.as_dict(private=False))])
