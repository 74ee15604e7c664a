"""What a context does with its files."""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.routing import BaseRoute

from chassis.clock import Clock
from chassis.files.links import LinkKey
from chassis.files.media import safe_filename
from chassis.files.names import checked, extension_of
from chassis.files.settings import FilesSettings
from chassis.files.store import Chunks, Store, Stored

_UNFINISHED_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Link:
    """An address that anybody who holds it may read the file at, until before `expires_at`."""

    url: str
    filename: str
    expires_at: datetime


class Files:
    """Those of one context. The clock judges links; the age of a file is by its store's own time."""

    def __init__(self, settings: FilesSettings, clock: Clock) -> None:
        self.store: Store = settings.file_store()
        self.key = LinkKey.derive(settings.sealing_key.get_secret_value(), settings.context)
        self.clock = clock
        self.context = settings.context
        self._max_bytes = settings.files_max_bytes
        self._public_url = settings.public_url.rstrip("/")
        self._lifetime = timedelta(minutes=settings.files_link_minutes)

    async def write(self, name: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> Stored:
        """Keep what `chunks` give under `name` (`new_name`, `content_name`), visible once it is whole.

        Raises NameTaken, FileTooLarge over `max_bytes` or the service's own limit, FilesUnavailable.
        """
        limit = min(max_bytes or self._max_bytes, self._max_bytes)
        return await self.store.write(name, aiter(chunks), limit)

    async def read(self, name: str) -> Chunks:
        """The content in pieces. Raises FileMissing, FilesUnavailable."""
        return await self.store.read(name, 0, await self.store.size_bytes(name))

    def link(self, name: str, filename: str, *, lifetime: timedelta | None = None) -> Link:
        """A link to the file, which browsers save as `filename` made safe; an hour unless set otherwise.

        The link is as good as the file: give it to whom may read that, over a protected channel.
        """
        expires_at = (self.clock.now() + (lifetime or self._lifetime)).replace(microsecond=0)
        saved_as = safe_filename(filename, extension_of(checked(name)))
        query = self.key.query(name, saved_as, expires_at)
        return Link(f"{self._public_url}/files/{self.context}/{name}?{query}", saved_as, expires_at)

    async def forget(self, folder: str, before: datetime) -> int:
        """Delete what is in and below `folder` and was written before then, and unfinished files of days ago.

        How many files. May be stopped and run again at any point.
        """
        forgotten = 0
        async for listed in self.store.list(folder):
            if listed.written_at < before:
                await self.store.delete(listed.name)
                forgotten += 1
        await self.store.forget_unfinished(before - _UNFINISHED_AFTER)
        return forgotten

    def route(self) -> BaseRoute:
        """`/files/<context>/…`, for the service's routes."""
        from chassis.files.serving import route

        return route(self)
