"""Results of a subscription as server-sent events, in the "distinct connections" mode of graphql-sse.

Lines end in LF alone: Hive Gateway splits events on LF pairs and silently drops those framed by CRLF.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from starlette.responses import StreamingResponse

_PING_SECONDS = 15.0
_COMPLETE = b"event: complete\ndata:\n\n"
_PING = b": ping\n\n"
_HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}


def event_stream(results: AsyncIterator[bytes]) -> StreamingResponse:
    """A response that sends each JSON text of `results` as it comes, and a sign of life every 15 s."""
    return StreamingResponse(_events(results), media_type="text/event-stream", headers=_HEADERS)


async def _events(results: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    coming: asyncio.Task[bytes] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(results))
            done, _ = await asyncio.wait((coming,), timeout=_PING_SECONDS)
            if not done:
                yield _PING
                continue
            try:
                yield b"event: next\ndata: " + coming.result() + b"\n\n"
            except StopAsyncIteration:
                yield _COMPLETE
                return
            coming = None
    finally:
        # The client left, or we are shutting down: the subscription's own `finally` must run.
        if coming is not None and not coming.done():
            coming.cancel()
            await asyncio.wait((coming,))
        if isinstance(results, AsyncGenerator):
            await results.aclose()
