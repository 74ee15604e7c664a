"""Passwords: argon2id at rest, computed away from the event loop, so many at once; none that leaks have shown.

Leaks are asked by the first five characters of a digest. Whoever answers learns which of a million prefixes was
asked for, and never the password: k-anonymity, as in the range interface of Have I Been Pwned, whose lines
these are. Offline, a committed sample answers.
"""

import asyncio
import hashlib
from collections.abc import Callable, Set
from importlib.resources import files
from typing import Protocol, TypeVar
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from identity.domain.passwords import prepared

_WAITING_PER_SLOT = 50

T = TypeVar("T")


class TooManyPasswords(ConnectionError):
    """More passwords wait to be worked on than can be within seconds: to clients, UNAVAILABLE."""


class Credentials:
    def __init__(self, *, time_cost: int, memory_kib: int, at_once: int = 2) -> None:
        """`at_once`: how many are worked on side by side; each takes a core and `memory_kib`."""
        self._hasher = PasswordHash(
            (Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1),)
        )
        self._nobody = self._hasher.hash("nobody has this password")
        self._running: dict[tuple[UUID, str], asyncio.Future[str]] = {}
        self._slots = asyncio.Semaphore(at_once)
        self._places_left = at_once * _WAITING_PER_SLOT

    async def hash(self, password: str) -> str:
        """Raises TooManyPasswords."""
        return await self._work(lambda: self._hasher.hash(prepared(password)))

    async def hash_for(self, key: UUID, password: str) -> str:
        """As `hash`, for the request of an idempotency key: the same one sent again meanwhile shares the work."""
        asked = (key, password)
        running = self._running.get(asked)
        if running is None:
            running = self._running[asked] = asyncio.ensure_future(self.hash(password))
            running.add_done_callback(lambda _: self._running.pop(asked))
        return await asyncio.shield(running)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Is it the right password? Without a hash (nobody has the address) it takes as long, and is False.

        Raises TooManyPasswords.
        """
        return await self._work(lambda: self._verify(password, password_hash)) and password_hash is not None

    def _verify(self, password: str, password_hash: str | None) -> bool:
        # As it was typed as well: hashes from before passwords were prepared hold it so.
        right = False
        for each in dict.fromkeys((prepared(password), password)):
            right = self._hasher.verify(each, password_hash or self._nobody) or right
        return right

    async def _work(self, work: Callable[[], T]) -> T:
        if self._places_left <= 0:
            raise TooManyPasswords
        self._places_left -= 1
        try:
            async with self._slots:
                return await asyncio.to_thread(work)
        finally:
            self._places_left += 1


_PREFIX = 5


class Leaks(Protocol):
    async def suffixes(self, prefix: str) -> Set[str]:
        """What follows `prefix`, five hexadecimal capitals, in the SHA-1 digests of leaked passwords."""


class OfflineSample:
    """The sample in `leaked_passwords.txt`: variants of what people choose first under our rule."""

    def __init__(self) -> None:
        lines = files("identity").joinpath("leaked_passwords.txt").read_text(encoding="ascii").split()
        self._suffixes: dict[str, set[str]] = {}
        for line in lines:
            self._suffixes.setdefault(line[:_PREFIX], set()).add(line[_PREFIX:])

    async def suffixes(self, prefix: str) -> Set[str]:
        return self._suffixes.get(prefix, set())


async def is_leaked(password: str, leaks: Leaks) -> bool:
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    return digest[_PREFIX:] in await leaks.suffixes(digest[:_PREFIX])
