"""The notebook's subgraph as processes on a real broker, watched over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest
from joserfc.jwk import KeySet
from notebook import notes as usecases
from notebook.process import start

from chassis.auth import Principal
from chassis.relay import Relay
from chassis.service import Runtime
from chassis.testing import SIGNING_KEY, TODAY, principal, token_for
from local_platform.testing import KafkaServer

QUERY = "subscription ($after: String) { noteChanged(after: $after) { note { id title } cursor } }"


@pytest.fixture
async def jwks_url() -> AsyncIterator[str]:
    """Where the public key of tests is published."""
    body = json.dumps(KeySet([SIGNING_KEY]).as_dict(private=False)).encode()
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()


@dataclass
class Watching:
    """What one client got, event by event."""

    events: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)
    cursor: str | None = None

    async def next(self, patience: float = 15) -> dict[str, Any] | None:
        """The next event: a message, `{"errors": …}`, or None at the end of the stream."""
        event = await asyncio.wait_for(self.events.get(), patience)
        if event is not None and event.get("data"):
            self.cursor = event["data"]["noteChanged"]["cursor"]
            note: dict[str, Any] = event["data"]["noteChanged"]
            return note
        return event

    async def title(self) -> str | None:
        change = await self.next()
        assert change is not None
        assert "note" in change, change
        return change["note"]["title"] if change["note"] else None


@asynccontextmanager
async def watching(
    url: str, who: Principal | None = None, after: str | None = None, **claims: Any
) -> AsyncIterator[Watching]:
    """A client of its own connection."""
    got = Watching()
    headers = {
        "accept": "text/event-stream",
        "authorization": f"Bearer {token_for(who or principal('pro'), **claims)}",
    }
    body = {"query": QUERY, "variables": {"after": after}}

    async def read() -> None:
        async with (
            httpx.AsyncClient(timeout=60) as client,
            client.stream("POST", url, json=body, headers=headers) as answer,
        ):
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    got.events.put_nowait(json.loads(line.removeprefix("data: ")))
        got.events.put_nowait(None)

    reading = asyncio.create_task(read())
    try:
        yield got
    finally:
        reading.cancel()
        await asyncio.wait((reading,))


@dataclass
class Replica:
    process: asyncio.subprocess.Process
    url: str


@dataclass
class Stage:
    runtime: Runtime[Any]
    bootstrap: str
    jwks_url: str
    stack: AsyncExitStack

    async def replica(self) -> Replica:
        process = await start(
            "serve",
            PASS_DATABASE_URL=self.runtime.settings.database_url.get_secret_value(),
            PASS_KAFKA=self.bootstrap,
            PASS_JWKS_URL=self.jwks_url,
        )
        self.stack.push_async_callback(_end, process)
        assert process.stderr is not None
        async with asyncio.timeout(30):
            while line := await process.stderr.readline():
                said = json.loads(line)
                if said["event"] == "http.listening":
                    self.stack.callback(asyncio.create_task(_drain(process.stderr)).cancel)
                    replica = Replica(process, f"http://127.0.0.1:{said['port']}/graphql")
                    await _until_live(replica.url)
                    return replica
        raise AssertionError("it ended before it listened")

    async def write(self, title: str) -> None:
        written = await self.runtime.database.run(
            partial(usecases.write, title=title, price_cents=0, now=TODAY)
        )
        assert not isinstance(written, usecases.TitleTaken)


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.readline():
        pass


async def _until_live(url: str) -> None:
    async with asyncio.timeout(30):
        while True:
            async with watching(url) as got:
                first = await got.next()
            if first is not None and "note" in first:
                return
            await asyncio.sleep(0.1)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.fixture
async def stage(runtime: Runtime[Any], kafka_server: KafkaServer, jwks_url: str) -> AsyncIterator[Stage]:
    """A relay that runs, and replicas as they are asked for."""
    stop = asyncio.Event()
    settings = runtime.settings.model_copy(update={"kafka": kafka_server.bootstrap})
    relaying = asyncio.create_task(Relay(runtime.database, settings, [usecases.TOPIC]).run(stop))
    async with AsyncExitStack() as stack:
        yield Stage(runtime, kafka_server.bootstrap, jwks_url, stack)
    stop.set()
    await asyncio.wait_for(relaying, 20)
