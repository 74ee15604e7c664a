"""The door as a process, before servers that tell what reached them."""

import asyncio
import math
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from local_platform.servers import door
from local_platform.servers.ports import free_ports
from tests.gateway.routers import process

EVENT_PAUSE_SECONDS = 0.7


@dataclass
class Upstream:
    """A server behind the door: answers everything, remembers the headers, is ready when it is told so."""

    name: str
    port: int
    seen: list[dict[str, list[str]]]
    """The headers of what was asked, of all the servers of one door."""

    ready: bool = True
    heard: float = math.inf
    """How many events its client says that it has: the next one is not sent before."""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def application(self) -> Starlette:
        probes = [Route(path, self._probe) for path in ("/readiness", "/readyz")]
        anything = Route("/{path:path}", self._answer, methods=["GET", "POST", "PUT", "DELETE"])
        return Starlette(routes=[*probes, anything])

    async def _probe(self, _: Request) -> Response:
        return PlainTextResponse("ok" if self.ready else "starting", 200 if self.ready else 503)

    async def _answer(self, request: Request) -> Response:
        if request.headers.get("accept") == "text/event-stream":
            pause = 0.01 if "quick" in request.query_params else EVENT_PAUSE_SECONDS
            return StreamingResponse(self._events(pause), media_type="text/event-stream")
        if "starting" in request.query_params:
            return JSONResponse({"errors": [{"extensions": {"code": "NO_SUPERGRAPH_AVAILABLE"}}]}, 503)
        headers: dict[str, list[str]] = {}
        for name, value in request.headers.items():
            headers.setdefault(name, []).append(value)
        self.seen.append(headers)
        body = await request.body()
        size = int(request.query_params.get("answer", 0))
        told = {"by": self.name, "path": request.url.path, "received": len(body)}
        return JSONResponse(told | {"filling": "culture " * size})

    async def _events(self, pause: float) -> AsyncIterator[str]:
        for number in range(3):
            yield f"data: {number}\n\n"
            await asyncio.sleep(pause)
            while self.heard <= number:  # noqa: ASYNC110  # another thread tells
                await asyncio.sleep(0.01)


@contextmanager
def upstream(name: str, seen: list[dict[str, list[str]]]) -> Iterator[Upstream]:
    """One such server, in a thread."""
    (port,) = free_ports(1)
    behind = Upstream(name, port, seen)
    server = uvicorn.Server(
        uvicorn.Config(behind.application(), port=port, log_level="critical", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield behind
    finally:
        server.should_exit = True
        thread.join(5)


def settings_of(folder: Path) -> dict[str, str]:
    """What every door of a test is told; all that it writes is below `folder`."""
    own = {"PASS_DOOR_PAGES": str(door.SOURCE / "pages")}
    return {**os.environ, **own, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}


@contextmanager
def running_door(folder: Path, ready: str = "/healthz", **settings: str) -> Iterator[str]:
    """Caddy with the committed rules; yields its address. Its log is `folder/door.log`."""
    folder.mkdir(parents=True, exist_ok=True)
    (port,) = free_ports(1)
    whole = settings_of(folder) | {"PASS_DOOR_SITE": f"http://:{port}"} | settings
    with process(door.COMMAND, port, whole, door.SOURCE, folder / "door.log", ready) as address:
        yield address
