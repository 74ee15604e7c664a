"""Who watches: a stream each, that holds what is still to be told, and ends with a reason."""

import asyncio
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from chassis.live.positions import Cursor
from chassis.telemetry import STREAMS_OPEN

PER_PERSON = 5
"""Streams of one person at once, on one replica."""

AT_ONCE = 10_000
"""Streams of one process."""

MOST_PENDING = 100
"""Changed things that a stream may be behind."""


class StreamEnded(Exception):
    """A stream ends here. Its client may open another, with the last cursor it got."""

    reason = ""


class TooManyStreams(StreamEnded):
    """This person watches on too many devices or tabs."""

    reason = "too_many"


class TooSlow(StreamEnded):
    """The client reads more slowly than things change: it is not waited for."""

    reason = "too_slow"


class TokenExpired(StreamEnded):
    """The token with which it was opened is good no longer."""

    reason = "token_expired"


class Draining(StreamEnded):
    """The process is about to end."""

    reason = "draining"


class NotReady(StreamEnded):
    """The topics cannot be read right now, or had to be read anew."""

    reason = "not_ready"


@dataclass(eq=False, slots=True)
class Stream:
    """What one client is still to be told. What changes twice meanwhile is told once, as it is then."""

    channel: Hashable
    person: Hashable
    _pending: dict[UUID, Cursor] = field(default_factory=dict)
    _waiting: asyncio.Future[None] | None = None
    _end: type[StreamEnded] | None = None

    def offer(self, id_: UUID, cursor: Cursor) -> None:
        """Something of theirs changed. A stream that is too far behind ends instead."""
        if self._end is not None:
            return
        if id_ not in self._pending and len(self._pending) >= MOST_PENDING:
            self.end(TooSlow)
            return
        self._pending.pop(id_, None)  # to the end: the cursors that a client gets only go forward
        self._pending[id_] = cursor
        self._wake()

    def end(self, reason: type[StreamEnded]) -> None:
        if self._end is None:
            self._end = reason
            self._pending.clear()
            self._wake()

    async def next(self) -> tuple[UUID, Cursor]:
        """The next change to tell. Raises StreamEnded."""
        while not self._pending:
            if self._end is not None:
                raise self._end
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        id_ = next(iter(self._pending))
        return id_, self._pending.pop(id_)

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class Streams:
    """All streams of a process, by channel."""

    def __init__(self, per_person: int = PER_PERSON, at_once: int = AT_ONCE) -> None:
        self._per_person = per_person
        self._at_once = at_once
        self._on: dict[Hashable, list[Stream]] = {}
        self._of: Counter[Hashable] = Counter()
        self._count = 0

    @property
    def is_empty(self) -> bool:
        return not self._count

    def open(self, channel: Hashable, person: Hashable) -> Stream:
        """A stream more. Raises TooManyStreams, or NotReady when the process holds all it can."""
        if self._of[person] >= self._per_person:
            raise TooManyStreams
        if self._count >= self._at_once:
            raise NotReady
        stream = Stream(channel, person)
        self._on.setdefault(channel, []).append(stream)
        self._of[person] += 1
        self._count += 1
        STREAMS_OPEN.inc()
        return stream

    def close(self, stream: Stream) -> None:
        there = self._on[stream.channel]
        there.remove(stream)
        if not there:
            del self._on[stream.channel]
        self._of[stream.person] -= 1
        if not self._of[stream.person]:
            del self._of[stream.person]
        self._count -= 1
        STREAMS_OPEN.dec()

    def on(self, channel: Hashable) -> Iterable[Stream]:
        return self._on.get(channel, ())

    def end_all(self, reason: type[StreamEnded]) -> None:
        for there in self._on.values():
            for stream in there:
                stream.end(reason)
