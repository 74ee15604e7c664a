"""Who is asking: ES256 access tokens, verified again by every subgraph.

Verified tokens are remembered until they expire, so that a verification costs a dictionary
look-up after the first. Lifetimes are judged by the wall clock, never by the business clock.
"""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.inner_tls import InnerTls
from chassis.telemetry import log

ISSUER = "pass"
AUDIENCE = "api"
ALGORITHM = "ES256"
TEAM = frozenset({"admin", "finance"})
"""The roles, as tokens name them, of those who run the platform."""
SECOND_FACTOR = "mfa"
"""What a token's `amr` holds when more than a password opened its session (RFC 8176)."""
TOKEN_TYPE = "at+jwt"  # noqa: S105

_CACHE_SIZE = 50_000
_LEEWAY_SECONDS = 5
_REFETCH_SECONDS = 5.0
_FIRST_FETCH_SECONDS = 0.5


class InvalidToken(Exception):
    """The token is malformed, forged, expired, not for us, or of the team without a second factor."""


class KeysUnavailable(Exception):
    """The public keys cannot be fetched right now: nobody can be recognised."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The person a verified token speaks for."""

    person_id: UUID
    roles: frozenset[str]
    structure_ids: frozenset[UUID]
    """Structures on whose behalf the person may act."""
    expires_at_seconds: float = field(default=float("inf"), compare=False)
    """Until when the token is good, since 1970: what lasts longer than a request ends then."""
    session_id: UUID | None = field(default=None, compare=False)
    """The session that the token was bought by."""


class Keys(Protocol):
    async def key_set(self, refresh: bool) -> KeySet:
        """The issuer's public keys; `refresh` asks for them again. Raises KeysUnavailable."""


class RemoteKeys:
    """Public keys from the issuer's JWKS address, kept, and fetched again at most every 5 s."""

    def __init__(self, url: str, tls: InnerTls | None = None) -> None:
        self._url = url
        self._tls = tls
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def key_set(self, refresh: bool) -> KeySet:
        if self._is_due(refresh):
            # Known keys go on serving good tokens while somebody else's forged one waits here.
            async with self._asking:
                if self._is_due(refresh):
                    await self._fetch()
        if self._keys is None:
            raise KeysUnavailable
        return self._keys

    def _is_due(self, refresh: bool) -> bool:
        if self._keys is not None and not refresh:
            return False
        pause = _FIRST_FETCH_SECONDS if self._keys is None else _REFETCH_SECONDS
        return time.monotonic() - self._asked_at > pause

    async def _fetch(self) -> None:
        import httpx  # a third of this module's import time, and most processes never fetch

        try:
            trust = True if self._tls is None else self._tls.http_client
            async with httpx.AsyncClient(timeout=3, verify=trust) as client:
                response = await client.get(self._url)
            response.raise_for_status()
            self._keys = KeySet.import_key_set(response.json())
        except (httpx.HTTPError, httpx.InvalidURL, JoseError, ValueError, TypeError, KeyError) as error:
            log.warning("auth.keys_unavailable", error=type(error).__name__)
        finally:
            self._asked_at = time.monotonic()


class StaticKeys:
    """Keys that are at hand: the issuer's own."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    async def key_set(self, refresh: bool) -> KeySet:
        return self._keys


class Revoked(Protocol):
    def covers(self, id_: UUID, /) -> bool:
        """Whether the tokens of this person, or of this session, are taken no more, good as they are."""


class TokenVerifier:
    def __init__(self, keys: Keys, revoked: Revoked | None = None) -> None:
        self._keys = keys
        self._revoked = revoked
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
        principal = await self._recognised(token)
        if self._is_revoked(principal):
            raise InvalidToken
        return principal

    def _is_revoked(self, principal: Principal) -> bool:
        if self._revoked is None:
            return False
        session = principal.session_id
        return self._revoked.covers(principal.person_id) or (
            session is not None and self._revoked.covers(session)
        )

    async def _recognised(self, token: str) -> Principal:
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
        keys = await self._keys.key_set(refresh=False)
        decoded = _decode(token, keys)
        if decoded is None:
            # A key that is new since the last fetch makes a good token look forged.
            fresh = await self._keys.key_set(refresh=True)
            decoded = _decode(token, fresh) if fresh is not keys else None
        # No extension is understood here, so none may be critical; an empty list of them is no list (RFC 7515 §4.1.11).
        if decoded is None or decoded.header.get("typ") != TOKEN_TYPE or "crit" in decoded.header:
            raise InvalidToken
        try:
            self._claims.validate(decoded.claims)
            expires = float(decoded.claims["exp"]) + _LEEWAY_SECONDS
            return _principal(decoded.claims, expires), expires
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            raise InvalidToken from None


def _decode(token: str, keys: KeySet) -> jwt.Token | None:
    """The token if one of the keys signed it. None too for whatever is not a token at all."""
    try:
        return jwt.decode(token, keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _principal(claims: dict[str, Any], expires: float) -> Principal:
    roles = frozenset(str(role) for role in claims.get("roles", ()))
    # Here and nowhere else, so that nothing which asks for a role of the team can forget it.
    if not roles.isdisjoint(TEAM) and SECOND_FACTOR not in _methods(claims):
        raise InvalidToken
    return Principal(
        person_id=UUID(claims["sub"]),
        roles=roles,
        structure_ids=frozenset(UUID(structure) for structure in claims.get("structures", ())),
        expires_at_seconds=expires,
        session_id=UUID(claims["sid"]) if "sid" in claims else None,
    )


def _methods(claims: dict[str, Any]) -> list[Any]:
    """How the session was opened; a text in the place of a list says nothing."""
    methods = claims.get("amr")
    return methods if isinstance(methods, list) else []
