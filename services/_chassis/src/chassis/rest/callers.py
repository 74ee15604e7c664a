"""Who calls a REST endpoint: a signed-in person, a partner's key, a device's key.

A key reads `<prefix>_<secret>`. The prefix names it in a table, the secret proves it; only the secret's
digest is stored. SHA-256 without salt or stretching is enough: the secret is 32 random bytes, nobody's word.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from chassis.auth import InvalidToken, Principal, TokenVerifier
from chassis.incoming import Headers, bearer
from chassis.rest.problems import Problem, ProblemCode


class Scheme(StrEnum):
    """How a caller proves who it is; all are presented as `Authorization: Bearer …`."""

    SESSION = "session"
    PARTNER_KEY = "partnerKey"
    DEVICE_KEY = "deviceKey"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls; contexts may say more of a key by subclassing."""

    id: UUID
    """The person's, or the key's: whose idempotency keys and rate limits these are."""
    scheme: Scheme
    principal: Principal | None = None
    """The person, for sessions only."""


class KeyRing(Protocol):
    """The keys of one scheme, wherever a context stores them."""

    async def find(self, presented: str) -> Caller | None:
        """Whose key this is; None for what is no key, unknown, revoked or wrong."""


class PresentedKey(NamedTuple):
    prefix: str
    secret: str


class NewKey(NamedTuple):
    """`text` is shown once, to its owner; `prefix` and `digest` are stored."""

    prefix: str
    text: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class StoredKey:
    digest: bytes
    caller: Caller


_KEY = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{2,63})_([A-Za-z0-9]{16,128})")
_NOBODYS_DIGEST = bytes(32)


def new_key(kind: str) -> NewKey:
    """A fresh key; `kind` (`partner`, `till`) begins its text, so that people and scanners recognise it."""
    prefix, secret = f"{kind}_{secrets.token_hex(6)}", secrets.token_hex(32)
    return NewKey(prefix, f"{prefix}_{secret}", digest_of(secret))


def read_key(presented: str) -> PresentedKey | None:
    """The parts of a presented key, None for what has not the shape of one."""
    match = _KEY.fullmatch(presented)
    return PresentedKey(match.group(1), match.group(2)) if match else None


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def is_secret_of(secret: str, digest: bytes) -> bool:
    """In constant time: how long it takes says nothing of how much was right."""
    return hmac.compare_digest(digest_of(secret), digest)


class StoredKeyRing:
    """A key ring over whatever finds a stored key by its prefix."""

    def __init__(self, by_prefix: Callable[[str], Awaitable[StoredKey | None]]) -> None:
        self._by_prefix = by_prefix

    async def find(self, presented: str) -> Caller | None:
        key = read_key(presented)
        if key is None:
            return None
        stored = await self._by_prefix(key.prefix)
        # An unknown prefix takes the same way as a wrong secret.
        proven = is_secret_of(key.secret, _NOBODYS_DIGEST if stored is None else stored.digest)
        return stored.caller if stored is not None and proven else None


class Recognition:
    """Finds the caller of a request among those that an endpoint serves."""

    def __init__(self, verifier: TokenVerifier, key_rings: Mapping[Scheme, KeyRing]) -> None:
        self._verifier = verifier
        self._key_rings = key_rings

    async def caller(self, headers: Headers, schemes: Collection[Scheme]) -> Caller:
        """Raises Problem UNAUTHENTICATED, InvalidToken or KeysUnavailable."""
        presented = bearer(headers)
        if presented is None:
            raise Problem(ProblemCode.UNAUTHENTICATED, "Présentez une clé ou un jeton pour continuer.")
        if presented.count(".") == 2:  # a signed token; keys hold no point
            if Scheme.SESSION not in schemes:
                raise InvalidToken
            principal = await self._verifier.verify(presented)
            return Caller(principal.person_id, Scheme.SESSION, principal)
        for scheme in schemes:
            if (ring := self._key_rings.get(scheme)) is not None:
                caller = await ring.find(presented)
                if caller is not None:
                    return caller
        raise Problem(ProblemCode.UNAUTHENTICATED, "Cette clé n'est pas ou plus valable.")
