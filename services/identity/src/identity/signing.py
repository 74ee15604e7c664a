"""The key that signs access tokens, and the tokens themselves (ES256, 15 minutes, wall clock)."""

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from chassis.auth import ALGORITHM, AUDIENCE, ISSUER, SECOND_FACTOR, TEAM, TOKEN_TYPE
from chassis.ids import new_id


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


def load_verifying_keys(text: str) -> list[ECKey]:
    """The public halves of a JSON list of P-256 JWKs, each named by its thumbprint; none of an empty text.

    Raises ValueError, which never shows the text.
    """
    try:
        listed: Any = json.loads(text) if text.strip() else []
        keys = [ECKey.import_key(each) for each in listed]
        usable = isinstance(listed, list) and all(key.curve_name == "P-256" for key in keys)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        usable = False
    if not usable:
        raise ValueError("a JSON list of P-256 keys is needed, as JWK")
    return [_public(key) for key in keys]


def _public(key: ECKey) -> ECKey:
    named = key.as_dict(private=False) | {"kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
    return ECKey.import_key(named)


class AccessTokens:
    """Signs access tokens with one key, and shows the public keys that verify them.

    A key is changed in three steps, each an ordinary restart: the next one is shown beside (whoever
    verifies can have it before it is used); it signs, and the last one is shown beside (tokens of 15
    minutes are still under way); the last one goes.
    """

    def __init__(self, key: ECKey, lifetime_seconds: int, beside: Sequence[ECKey] = ()) -> None:
        self._key = key
        self._shown = {shown.kid: shown for shown in (_public(key), *beside)}
        self.lifetime_seconds = lifetime_seconds

    def sign(
        self,
        person_id: UUID,
        roles: Iterable[str],
        structure_ids: Iterable[UUID],
        session_id: UUID | None = None,
        methods: Iterable[str] = ("pwd",),
    ) -> str:
        """A token that says who somebody is, how they proved it (RFC 8176), which doors are open and for which
        structures; each has its own id. Raises ValueError for a role of the team without a second factor.
        """
        roles, methods = frozenset(roles), frozenset(methods)
        if not roles.isdisjoint(TEAM) and SECOND_FACTOR not in methods:
            raise ValueError("no token of the team is signed without a second factor")
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(person_id),
            "roles": sorted(roles),
            "structures": sorted(str(structure_id) for structure_id in structure_ids),
            "amr": sorted(methods),
            "iat": now,
            "exp": now + self.lifetime_seconds,
            "jti": str(new_id()),
        }
        if session_id is not None:
            claims["sid"] = str(session_id)
        return jwt.encode({"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": self._key.kid}, claims, self._key)

    def public_keys(self) -> dict[str, Any]:
        """The JSON Web Key Set of `/.well-known/jwks.json`."""
        return {"keys": [key.as_dict(private=False) for key in self._shown.values()]}

    def key_set(self) -> KeySet:
        """The same keys, for this service's own verification."""
        return KeySet(list(self._shown.values()))
