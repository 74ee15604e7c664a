"""Content as tests make it."""

from collections.abc import AsyncIterator

from obstore.store import S3Store

from chassis.files import Files
from chassis.files.bucket import BucketStore

MEGABYTE = b"0123456789abcdef" * 65_536


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def megabytes(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield MEGABYTE


async def whole(files: Files, name: str) -> bytes:
    return b"".join([chunk async for chunk in await files.read(name)])


def do_not_try_again(files: Files) -> None:
    """Of a bucket that is out of reach: fail at once, instead of after the tries that a moment's absence is worth."""
    assert isinstance(files.store, BucketStore)
    config = files.store._store.config
    files.store._store = S3Store(
        config=config, client_options={"allow_http": True}, retry_config={"max_retries": 0}
    )
