"""The port: what a place for files does. `folder` and `bucket` are two, and one suite of tests holds both."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chassis.files.errors import FileTooLarge

Chunks = AsyncIterator[bytes]
"""Content in pieces, of any sizes."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was written."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as a listing shows it; `written_at` is the store's own time."""

    name: str
    size_bytes: int
    written_at: datetime


class Store(Protocol):
    async def write(self, name: str, chunks: Chunks, max_bytes: int) -> Stored:
        """Keep the content under `name`; visible whole, at the end, or not at all.

        Raises NameTaken, FileTooLarge, FilesUnavailable, and whatever `chunks` raises.
        """

    async def size_bytes(self, name: str) -> int:
        """Raises FileMissing, FilesUnavailable."""

    async def read(self, name: str, start: int, end: int) -> Chunks:
        """The bytes from `start` up to before `end`. Raises FileMissing, FilesUnavailable, before or between."""

    async def delete(self, name: str) -> None:
        """Forget the file; one that is not there is forgotten already. Raises FilesUnavailable."""

    def list(self, folder: str) -> AsyncIterator[Listed]:
        """Every file in and below `folder`, in no order. Raises FilesUnavailable."""

    async def forget_unfinished(self, before: datetime) -> int:
        """Clear away what writers that were killed before then left, invisible; how many."""


@dataclass(slots=True)
class Measured:
    """Chunks that are counted and hashed on their way. Raises FileTooLarge at the first byte too many."""

    chunks: Chunks
    max_bytes: int
    size_bytes: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def __aiter__(self) -> "Measured":
        return self

    async def __anext__(self) -> bytes:
        chunk = await anext(self.chunks)
        self.size_bytes += len(chunk)
        if self.size_bytes > self.max_bytes:
            raise FileTooLarge
        self._digest.update(chunk)
        return chunk

    def stored(self, name: str) -> Stored:
        return Stored(name, self.size_bytes, self._digest.hexdigest())
