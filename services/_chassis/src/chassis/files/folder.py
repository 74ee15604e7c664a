"""Files in a folder: of one machine, or of a volume that all replicas mount."""

import asyncio
import contextlib
import errno
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, ParamSpec, TypeVar

from chassis.files.errors import FileMissing, FilesUnavailable, NameTaken
from chassis.files.names import checked, is_folder, is_name
from chassis.files.store import Chunks, Listed, Measured, Stored

_UNFINISHED: Final = ".unfinished"
_CHUNK_BYTES: Final = 256 * 1024
_LISTED_AT_ONCE: Final = 500

P = ParamSpec("P")
T = TypeVar("T")


async def _in_thread(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Disks block; the loop must not. What the disk refuses is FilesUnavailable."""
    try:
        return await asyncio.to_thread(work, *arguments, **named)
    except FileNotFoundError:
        raise FileMissing from None
    except FileExistsError:
        raise NameTaken from None
    except OSError as error:
        raise FilesUnavailable(errno.errorcode.get(error.errno or 0, "OSError")) from None


class FolderStore:
    """Content is written beside, flushed to the disk, then linked to its name: a link never replaces."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def write(self, name: str, chunks: Chunks, max_bytes: int) -> Stored:
        checked(name)
        measured = Measured(chunks, max_bytes)
        beside = self._root / _UNFINISHED / secrets.token_hex(16)
        try:
            # Somebody else's name is known to be taken before a whole file was read for nothing.
            await _in_thread(self._refuse_taken, name)
            file = await _in_thread(_create, beside)
            try:
                async for chunk in measured:
                    await _in_thread(file.write, chunk)
                await _in_thread(_flush, file)
            finally:
                await _in_thread(file.close)
            await _in_thread(self._publish, beside, name)
        finally:
            await asyncio.shield(_in_thread(beside.unlink, missing_ok=True))
        return measured.stored(name)

    def _refuse_taken(self, name: str) -> None:
        if (self._root / name).exists():
            raise FileExistsError

    def _publish(self, beside: Path, name: str) -> None:
        final = self._root / name
        final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.link(beside, final)
        _flush_folder(final.parent)

    async def size_bytes(self, name: str) -> int:
        return (await _in_thread(os.stat, self._root / checked(name))).st_size

    async def read(self, name: str, start: int, end: int) -> Chunks:
        file = await _in_thread(open, self._root / checked(name), "rb")
        return _pieces(file, start, end)

    async def delete(self, name: str) -> None:
        await _in_thread((self._root / checked(name)).unlink, missing_ok=True)

    async def list(self, folder: str) -> AsyncIterator[Listed]:
        if not is_folder(folder):
            raise ValueError("not a folder of files")
        found = _walk(self._root, folder)
        while batch := await _in_thread(_take, found):
            for listed in batch:
                yield listed

    async def forget_unfinished(self, before: datetime) -> int:
        return await _in_thread(_clear, self._root / _UNFINISHED, before.timestamp())


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open(path, "xb", opener=lambda where, flags: os.open(where, flags, 0o600))


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _pieces(file: BinaryIO, start: int, end: int) -> Chunks:
    try:
        await _in_thread(file.seek, start)
        left = end - start
        while left > 0:
            chunk = await _in_thread(file.read, min(left, _CHUNK_BYTES))
            if not chunk:
                raise FilesUnavailable("shorter than it was")
            left -= len(chunk)
            yield chunk
    finally:
        file.close()


def _walk(root: Path, folder: str) -> Iterator[Listed]:
    for place, _, files in os.walk(root / folder):
        for file in files:
            path = Path(place, file)
            name = path.relative_to(root).as_posix()
            if is_name(name):
                with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                    status = path.stat()
                    yield Listed(name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))


def _take(found: Iterator[Listed]) -> list[Listed]:
    return [listed for _, listed in zip(range(_LISTED_AT_ONCE), found, strict=False)]


def _clear(folder: Path, before: float) -> int:
    cleared = 0
    for path in folder.glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
                cleared += 1
    return cleared
