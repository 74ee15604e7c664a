"""Passwords that are known from leaks, asked for by the first five characters of their digest.

Whoever answers learns which of a million prefixes was asked for, and never the password: k-anonymity, as in the
range interface of Have I Been Pwned, whose lines these are. Offline, a committed sample answers.
"""

import hashlib
from collections.abc import Set
from importlib.resources import files
from typing import Protocol

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
