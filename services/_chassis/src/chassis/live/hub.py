"""The meeting point of a process: topics come in, each of its streams is told what concerns it.

What a client can count on: nothing that happened to something of theirs after the cursor they resume
with stays untold, and what is told is the state as it is then. It may be told more than once.

A message here is a reason to look and nothing more: what is told comes from the database, as far as the viewer
may see it. So nobody asks whether its producer signed it (`chassis.provenance`).
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from aiokafka import ConsumerRecord

from chassis.auth import Principal
from chassis.live.positions import Cursor, Partition
from chassis.live.reader import Reader, either
from chassis.live.recent import Recent
from chassis.live.streams import Draining, NotReady, Stream, StreamEnded, Streams, TokenExpired
from chassis.settings import CommonSettings
from chassis.telemetry import STREAMS_ENDED, log

_LONGEST_SECONDS = 86_400.0
_LINGER_SECONDS = 60.0
"""How long it goes on reading after the last stream: whoever lost their connection comes back within it."""
_BEGIN_SECONDS = 10.0
"""How long the first stream waits for the reading to begin."""

Ids = Callable[[], Awaitable[Iterable[UUID]]]


@dataclass(frozen=True, slots=True)
class LiveTopic:
    """A topic of our own that clients may watch."""

    topic: str
    channels: Callable[[Mapping[str, Any]], Iterable[Hashable]]
    """On which channels a message is told, from its value: for instance the id of the person whose it is."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something changed: read it, and tell it as it is now."""

    id: UUID | None
    """None: nothing did. All was told up to the cursor, and the stream is live."""
    cursor: str
    """Opaque; to be given as `after` when the stream is opened again."""


class Live:
    """One a process, run beside its server. It reads while somebody watches: every replica hears every
    event, which is work that nobody should be given for nothing."""

    def __init__(
        self,
        settings: CommonSettings,
        topics: Sequence[LiveTopic],
        streams: Streams | None = None,
        *,
        linger_seconds: float = _LINGER_SECONDS,
        begin_seconds: float = _BEGIN_SECONDS,
    ) -> None:
        self._topics = {topic.topic: topic for topic in topics}
        self._streams = streams or Streams()
        self._recent = Recent()
        self._reader = Reader(settings, list(self._topics), self._begin, self._hear)
        self._linger_seconds = linger_seconds
        self._begin_seconds = begin_seconds
        self._resting: asyncio.TimerHandle | None = None
        self._draining = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Read while there are streams, until `stop` is set; a lost broker is waited for, and what happened
        meanwhile is then told."""
        await self._reader.run(stop)

    @property
    def is_reading(self) -> bool:
        return self._reader.reading.is_set()

    def drain(self) -> None:
        """End all streams, and open no more: the process is about to end."""
        self._draining.set()
        self._streams.end_all(Draining)

    async def follow(
        self, channel: Hashable, person: Principal, after: str | None, *, everything: Ids
    ) -> AsyncGenerator[Notice, None]:
        """What changes on a channel, which the person may hear, until their token expires.

        First what they missed since the cursor `after`, from memory, or all that `everything` reads from the
        database when that is not known; then one notice without id; then what happens. Raises NotACursor
        and StreamEnded: NotReady when the topics cannot be read.
        """
        came_from = Cursor.decode(after) if after is not None else None
        stream = self._open(channel, person)
        loop = asyncio.get_running_loop()
        left_seconds = min(max(0.0, person.expires_at_seconds - time.time()), _LONGEST_SECONDS)
        expiry = loop.call_later(left_seconds, stream.end, TokenExpired)
        try:
            await self._begun()
            # From here on nothing escapes the stream, so that whatever it does not hold is read below.
            now = self._cursor().encode()
            if came_from is not None and after is not None:
                missed = self._recent.missed(came_from, channel)
                # Until all of it is told the old cursor holds: who leaves meanwhile is told all again.
                for id_ in missed if missed is not None else await everything():
                    yield Notice(id_, after)
            yield Notice(None, now)
            while True:
                id_, cursor = await stream.next()
                yield Notice(id_, cursor.encode())
        except StreamEnded as ended:
            STREAMS_ENDED.labels(ended.reason).inc()
            raise
        finally:
            expiry.cancel()
            self._close(stream)

    def _open(self, channel: Hashable, person: Principal) -> Stream:
        try:
            if self._draining.is_set():
                raise Draining
            stream = self._streams.open(channel, person.person_id)
        except StreamEnded as refused:
            STREAMS_ENDED.labels(refused.reason).inc()
            raise
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        self._reader.wanted.set()
        return stream

    async def _begun(self) -> None:
        if self.is_reading:
            return
        try:
            await asyncio.wait_for(either(self._reader.reading, self._draining), self._begin_seconds)
        except TimeoutError:
            raise NotReady from None
        if self._draining.is_set():
            raise Draining

    def _close(self, stream: Stream) -> None:
        self._streams.close(stream)
        if self._streams.is_empty:
            self._resting = asyncio.get_running_loop().call_later(self._linger_seconds, self._rest)

    def _rest(self) -> None:
        self._resting = None
        if self._streams.is_empty:
            self._reader.wanted.clear()

    def _cursor(self) -> Cursor:
        return Cursor(time.time(), dict(self._reader.offsets))

    def _begin(self, offsets: Mapping[Partition, int], *, is_anew: bool) -> None:
        self._recent.begin(offsets)
        if is_anew:
            # What lies between is lost to who watches: opened again, their streams read the database.
            self._streams.end_all(NotReady)

    def _hear(self, record: ConsumerRecord) -> None:
        try:
            value = orjson.loads(record.value or b"")
            id_ = UUID(value["id"])
            channels = list(self._topics[record.topic].channels(value))
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("live.unreadable", topic=record.topic, offset=record.offset)
            return
        cursor: Cursor | None = None
        for channel in channels:
            self._recent.keep((record.topic, record.partition), record.offset, id_, channel)
            for stream in self._streams.on(channel):
                cursor = cursor or self._cursor()
                stream.offer(id_, cursor)
