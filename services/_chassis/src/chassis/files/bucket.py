"""Files in a bucket of S3, or of anything that speaks like it.

A short file is put with "only if there is none" in one request. A long one goes up in parts under a
hidden name, then is copied to its own, by the bucket itself, on the same condition: the bucket
judges who was first, and shows nothing before the end. What a killed upload leaves in parts is the
bucket's to clear: give it a lifecycle rule that aborts multipart uploads after a day.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.exceptions import NotFoundError as ObjectMissing
from obstore.store import S3Store

from chassis.files.errors import FileMissing, FilesUnavailable, NameTaken
from chassis.files.names import checked, is_folder, is_name
from chassis.files.store import Chunks, Listed, Measured, Stored

if TYPE_CHECKING:
    from obstore import GetResult, ObjectMeta

_UNFINISHED: Final = ".unfinished"
_PART_BYTES: Final = 5 * 1024 * 1024
"""The least that S3 takes for a part that is not the last."""
_PARTS_IN_FLIGHT: Final = 2
_CHUNK_BYTES: Final = 256 * 1024


class _Stopped(Exception):
    """Whoever was writing was cancelled."""


@contextmanager
def _translated() -> Iterator[None]:
    """obstore's errors as ours, without their texts, which quote addresses and names."""
    try:
        yield
    except (ObjectMissing, FileNotFoundError):
        raise FileMissing from None
    except AlreadyExistsError:
        raise NameTaken from None
    except BaseError as error:
        raise FilesUnavailable(type(error).__name__) from None


class BucketStore:
    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint: str | None = None,
        region: str = "us-east-1",
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        """Without keys, the machine's own role is asked for some. `endpoint` may be plain http in one's own network."""
        given: dict[str, Any] = {
            "endpoint": endpoint,
            "access_key_id": access_key,
            "secret_access_key": secret_key,
        }
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            region=region,
            virtual_hosted_style_request=False,
            copy_if_not_exists="multipart",
            # A download lasts as long as its client reads: only silence ends it.
            client_options={
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
                "connect_timeout": timedelta(seconds=5),
                "read_timeout": timedelta(seconds=30),
                "timeout": timedelta(hours=24),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=15)},
            **{name: value for name, value in given.items() if value},
        )

    async def write(self, name: str, chunks: Chunks, max_bytes: int) -> Stored:
        checked(name)
        measured = Measured(chunks, max_bytes)
        first = bytearray()
        async for chunk in measured:
            first += chunk
            if len(first) > _PART_BYTES:
                await self._write_long(name, bytes(first), measured)
                return measured.stored(name)
        with _translated():
            await obstore.put_async(self._store, name, bytes(first), mode="create", use_multipart=False)
        return measured.stored(name)

    async def _write_long(self, name: str, first: bytes, rest: Measured) -> None:
        hidden = f"{_UNFINISHED}/{secrets.token_hex(16)}"
        try:
            with _translated():
                await self._upload(hidden, first, rest)
                await obstore.copy_async(self._store, hidden, name, overwrite=False)
        finally:
            await asyncio.shield(self._forget(hidden))

    async def _upload(self, hidden: str, first: bytes, rest: Measured) -> None:
        """In parts. A cancelled upload is ended from its source: only so does obstore give its parts back."""
        stopped: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def whole() -> Chunks:
            yield first
            while True:
                pulled: asyncio.Future[bytes] = asyncio.ensure_future(rest.__anext__())
                await asyncio.wait([pulled, stopped], return_when=asyncio.FIRST_COMPLETED)
                if not pulled.done():
                    pulled.cancel()
                    raise _Stopped
                try:
                    yield pulled.result()
                except StopAsyncIteration:
                    return

        upload = asyncio.ensure_future(
            obstore.put_async(
                self._store,
                hidden,
                whole(),
                use_multipart=True,
                chunk_size=_PART_BYTES,
                max_concurrency=_PARTS_IN_FLIGHT,
            )
        )
        try:
            await asyncio.shield(upload)
        except asyncio.CancelledError:
            stopped.set_result(b"")
            await asyncio.wait({upload})
            upload.exception()
            raise

    async def _forget(self, path: str) -> None:
        with _translated():
            await obstore.delete_async(self._store, path)

    async def size_bytes(self, name: str) -> int:
        with _translated():
            return (await obstore.head_async(self._store, checked(name)))["size"]

    async def read(self, name: str, start: int, end: int) -> Chunks:
        if start == end:
            await self.size_bytes(name)
            return _nothing()
        with _translated():
            found = await obstore.get_async(self._store, checked(name), options={"range": (start, end)})
        return _pieces(found)

    async def delete(self, name: str) -> None:
        await self._forget(checked(name))

    async def list(self, folder: str) -> AsyncIterator[Listed]:
        if not is_folder(folder):
            raise ValueError("not a folder of files")
        async for found in self._objects(folder):
            if is_name(found["path"]):
                yield Listed(found["path"], found["size"], found["last_modified"])

    async def forget_unfinished(self, before: datetime) -> int:
        left = [
            found["path"] async for found in self._objects(_UNFINISHED) if found["last_modified"] < before
        ]
        for path in left:
            await self._forget(path)
        return len(left)

    async def _objects(self, prefix: str) -> AsyncIterator["ObjectMeta"]:
        with _translated():
            async for batch in obstore.list(self._store, prefix, chunk_size=500):
                for found in batch:
                    yield found


async def _nothing() -> Chunks:
    empty: tuple[bytes, ...] = ()
    for chunk in empty:
        yield chunk


async def _pieces(found: "GetResult") -> Chunks:
    with _translated():
        async for chunk in found.stream(min_chunk_size=_CHUNK_BYTES):
            yield bytes(chunk)
