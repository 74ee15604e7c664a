"""pytest plugin: a partner's server, really listening on loopback, that does what a test tells it.

It writes bytes by hand, so that it can lie: late, cut, endless, mislabelled or hostile answers.

    partner.on("/companies", json({"total": 1}))
    partner.on("/flaky", status(503), reset(), json({}))    # in this order; the last one stays
"""

import asyncio
import gzip
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest

from chassis.outbound.settings import OutboundRules


@dataclass(frozen=True, slots=True)
class Received:
    """One request that the partner was sent; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


Behaviour = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


def respond(
    body: bytes,
    *,
    code: int = 200,
    content_type: str = "text/plain; charset=utf-8",
    headers: Mapping[str, str] | None = None,
    after_seconds: float = 0.0,
) -> Behaviour:
    """An honest answer, maybe a late one."""

    async def behave(received: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(after_seconds)
        head = {"content-type": content_type, "content-length": str(len(body)), **(headers or {})}
        writer.write(_head(code, head))
        if received.method != "HEAD":
            writer.write(body)

    return behave


def json(value: Any, *, content_type: str = "application/json", **how: Any) -> Behaviour:
    return respond(orjson.dumps(value), content_type=content_type, **how)


def status(code: int, **headers: str) -> Behaviour:
    """An answer of nothing but a status; `retry_after="1"` is the header Retry-After."""
    return respond(b"", code=code, headers={name.replace("_", "-"): value for name, value in headers.items()})


def redirect(to: str, code: int = 302) -> Behaviour:
    return status(code, location=to)


def reset() -> Behaviour:
    """The connection ends with a TCP reset, without a byte."""

    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        writer.transport.abort()

    return behave


def silence() -> Behaviour:
    """The request is taken and never answered."""

    async def behave(_: Received, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    return behave


def cut() -> Behaviour:
    """An answer that ends before the length that it says."""

    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(200, {"content-type": "application/json", "content-length": "1000"}) + b'{"a":')
        await writer.drain()
        writer.close()

    return behave


def drip(body: bytes, *, every_seconds: float) -> Behaviour:
    """The body byte by byte: each in time, all of it late."""

    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(200, {"content-type": "text/plain", "content-length": str(len(body))}))
        for byte in body:
            await asyncio.sleep(every_seconds)
            writer.write(bytes([byte]))
            await writer.drain()

    return behave


def flood(megabytes: int, *, declared: bool = False) -> Behaviour:
    """A huge body, in chunks of unknown number unless its length is `declared`."""
    chunk = b"x" * 65_536

    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        pieces = megabytes * 16
        length = (
            {"content-length": str(pieces * len(chunk))} if declared else {"transfer-encoding": "chunked"}
        )
        writer.write(_head(200, {"content-type": "text/plain", **length}))
        for _number in range(pieces):
            writer.write(chunk if declared else b"10000\r\n" + chunk + b"\r\n")
            await writer.drain()
        if not declared:
            writer.write(b"0\r\n\r\n")

    return behave


def bomb(megabytes: int) -> Behaviour:
    """A few kilobytes that unpack to many megabytes, though nobody asked for packed ones."""
    packed = gzip.compress(b"\0" * (megabytes * 1024 * 1024))
    return respond(packed, content_type="application/json", headers={"content-encoding": "gzip"})


def garbage() -> Behaviour:
    """Bytes that are no HTTP."""

    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x16\x03\x01 SSH-2.0 nonsense\r\n\r\n")
        await writer.drain()
        writer.close()

    return behave


def _head(code: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {code} said", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(slots=True)
class Partner:
    """The server, its behaviours by path, and what it was sent."""

    host: str = "127.0.0.1"
    port: int = 0
    scheme: str = "http"
    requests: list[Received] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)
    """What TLS was asked for (SNI), by connection."""
    _behaviours: dict[str, list[Behaviour]] = field(default_factory=dict)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def rules(self) -> OutboundRules:
        """Rules of a client that may ask this partner, and is in a hurry."""
        return OutboundRules(
            connect_seconds=1.0,
            read_seconds=0.5,
            total_seconds=3.0,
            pause_seconds=0.01,
            allowed_hosts=frozenset({f"{self.host}:{self.port}"}),
        )

    def on(self, path: str, *behaviours: Behaviour) -> str:
        """What it does when `path` is asked for, one after the other; the address to ask."""
        self._behaviours[path] = list(behaviours)
        return self.address + path

    async def start(self, tls: ssl.SSLContext | None = None) -> Self:
        if tls is not None:
            self.scheme = "https"
            tls.sni_callback = lambda _, name, __: self.server_names.append(name)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while not writer.is_closing() and (received := await _receive(reader)) is not None:
                self.requests.append(received)
                await self._behaviour(received.path)(received, writer)
                if not writer.is_closing():
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went, or the test ended: what a partner's server lives with
        finally:
            self._tasks.discard(task)
            writer.close()

    def _behaviour(self, path: str) -> Behaviour:
        queue = self._behaviours.get(path)
        if not queue:
            return status(404)
        return queue.pop(0) if len(queue) > 1 else queue[0]


async def _receive(reader: asyncio.StreamReader) -> Received | None:
    """The next request of a connection, None when the client is done."""
    line = (await reader.readline()).decode("latin-1").split(" ")
    if len(line) != 3:
        return None
    headers = {}
    while (header := (await reader.readline()).decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(line[1])
    return Received(line[0], parts.path, dict(parse_qsl(parts.query)), headers, body)


@pytest.fixture
async def partner() -> AsyncIterator[Partner]:
    """A partner's server that answers 404 until told otherwise."""
    started = await Partner().start()
    yield started
    await started.stop()
