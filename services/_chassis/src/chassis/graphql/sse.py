"""Results of a subscription as server-sent events, in the "distinct connections" mode of graphql-sse.

Lines end in LF alone: Hive Gateway splits events on LF pairs and silently drops those framed by CRLF.
Plain ASGI, two tasks a stream and one for the signs of life of all: thousands are open at once.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator

from starlette.types import Receive, Scope, Send

_PING_SECONDS = 15.0
_LOOK_SECONDS = 1.0
_COMPLETE = b"event: complete\ndata:\n\n"
_PING = b": ping\n\n"
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache, no-transform"),
        (b"x-accel-buffering", b"no"),
    ],
}


class EventStream:
    """An answer that sends each JSON text of `results` as it comes, and a sign of life when none does."""

    __slots__ = ("_heard_at", "_is_over", "_ping", "_results", "_send")

    def __init__(self, results: AsyncIterator[bytes]) -> None:
        self._results = results
        self._heard_at = time.monotonic()
        self._is_over = False
        self._ping: asyncio.Task[None] | None = None
        self._send: Send

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Until the results end or the client has left; then the subscription's own `finally` has run."""
        self._send = send
        sending = asyncio.current_task()
        assert sending is not None
        has_left = False

        async def watch() -> None:
            nonlocal has_left
            while (await receive())["type"] != "http.disconnect":
                pass
            if not self._is_over:
                has_left = True
                sending.cancel()

        watching = asyncio.create_task(watch())
        _PULSE.join(self)
        try:
            await send(dict(_START))
            async for text in self._results:
                await self._chunk(b"event: next\ndata: " + text + b"\n\n")
            self._is_over = True
            await self._chunk(_COMPLETE, more=False)
        except asyncio.CancelledError:
            if not has_left:
                raise
            sending.uncancel()
        finally:
            self._is_over = True
            watching.cancel()
            _PULSE.leave(self)
            if isinstance(self._results, AsyncGenerator):
                await self._results.aclose()

    def ping(self, now: float) -> None:
        """Send a sign of life if nothing was heard for long, unless the client has not taken the last one."""
        if self._is_over or now - self._heard_at < _PING_SECONDS:
            return
        if self._ping is None or self._ping.done():
            self._ping = asyncio.create_task(self._chunk(_PING))

    async def _chunk(self, text: bytes, *, more: bool = True) -> None:
        self._heard_at = time.monotonic()
        await self._send({"type": "http.response.body", "body": text, "more_body": more})


class _Pulse:
    """Looks after the signs of life of all open streams."""

    def __init__(self) -> None:
        self._streams: set[EventStream] = set()
        self._beating: asyncio.Task[None] | None = None

    def join(self, stream: EventStream) -> None:
        self._streams.add(stream)
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._beat())

    def leave(self, stream: EventStream) -> None:
        self._streams.discard(stream)

    async def _beat(self) -> None:
        while self._streams:
            await asyncio.sleep(_LOOK_SECONDS)
            now = time.monotonic()
            for stream in list(self._streams):
                stream.ping(now)


_PULSE = _Pulse()
