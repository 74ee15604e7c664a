"""Who is asking: ES256 access tokens, verified again by every subgraph.

Verified tokens are remembered until they expire, so that a verification costs a dictionary
look-up after the first. Lifetimes are judged by the wall clock, never by the business clock.
"""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ISSUER = "pass"
AUDIENCE = "api"
ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"  # noqa: S105

_CACHE_SIZE = 50_000
_LEEWAY_SECONDS = 5
_REFETCH_SECONDS = 5.0


class InvalidToken(Exception):
    """The token is malformed, forged, expired or not for us."""


class KeysUnavailable(Exception):
    """The public keys cannot be fetched right now: nobody can be recognised."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The person a verified token speaks for."""

    person_id: UUID
    roles: frozenset[str]
    structure_ids: frozenset[UUID]
    """Structures on whose behalf the person may act."""


class Keys(Protocol):
    async def key_set(self, refresh: bool) -> KeySet:
        """The issuer's public keys; `refresh` asks for them again. Raises KeysUnavailable."""


class RemoteKeys:
    """Public keys from the issuer's JWKS address, kept, and fetched again at most every 5 s."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key_set(self, refresh: bool) -> KeySet:
        async with self._lock:
            stale = self._keys is None or (refresh and time.monotonic() - self._fetched_at > _REFETCH_SECONDS)
            if stale:
                try:
                    async with httpx.AsyncClient(timeout=5) as client:
                        response = await client.get(self._url)
                        response.raise_for_status()
                        self._keys = KeySet.import_key_set(response.json())
                        self._fetched_at = time.monotonic()
                except (httpx.HTTPError, ValueError, JoseError):
                    if self._keys is None:
                        raise KeysUnavailable from None
            assert self._keys is not None
            return self._keys


class StaticKeys:
    """Keys that are at hand: the issuer's own."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    async def key_set(self, refresh: bool) -> KeySet:
        return self._keys


class TokenVerifier:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._known: OrderedDict[str, tuple[Principal, float]] = OrderedDict()
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(time.time()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )

    async def verify(self, token: str) -> Principal:
        """The principal of an access token. Raises InvalidToken or KeysUnavailable."""
        known = self._known.get(token)
        if known is not None:
            principal, expires = known
            if time.time() < expires:
                return principal
            del self._known[token]
            raise InvalidToken
        principal, expires = await self._verify(token)
        self._known[token] = (principal, expires)
        if len(self._known) > _CACHE_SIZE:
            self._known.popitem(last=False)
        return principal

    async def _verify(self, token: str) -> tuple[Principal, float]:
        try:
            decoded = jwt.decode(token, await self._keys.key_set(refresh=False), algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            # A key that is new since the last fetch makes a good token look forged.
            decoded = await self._decode_with_fresh_keys(token)
        try:
            if decoded.header.get("typ") != TOKEN_TYPE:
                raise InvalidToken
            self._claims.validate(decoded.claims)
            return _principal(decoded.claims), float(decoded.claims["exp"]) + _LEEWAY_SECONDS
        except (JoseError, ValueError, KeyError, TypeError):
            raise InvalidToken from None

    async def _decode_with_fresh_keys(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, await self._keys.key_set(refresh=True), algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            raise InvalidToken from None


def _principal(claims: dict[str, Any]) -> Principal:
    return Principal(
        person_id=UUID(claims["sub"]),
        roles=frozenset(str(role) for role in claims.get("roles", ())),
        structure_ids=frozenset(UUID(structure) for structure in claims.get("structures", ())),
    )
