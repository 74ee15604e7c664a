"""Nobody holds a connection by being slow, and nobody who is quick loses one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from chassis.patience import ImpatientProtocol

HEAD = b"POST /read HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n"
PATIENCE_SECONDS = 0.3
KEEP_ALIVE_SECONDS = 1


class Hurried(ImpatientProtocol):
    request_seconds = PATIENCE_SECONDS


@dataclass
class Peer:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def drips(self, data: bytes, every: float) -> bytes:
        """Sends a byte now and then, until it is let go; what it was told."""
        told = asyncio.create_task(self.rest())
        for number in range(len(data)):
            if told.done():
                break
            self.writer.write(data[number : number + 1])
            await asyncio.wait([told], timeout=every)
        return await told

    async def rest(self) -> bytes:
        """All that is said until the connection ends."""
        async with asyncio.timeout(10):
            return await self.reader.read()

    async def answer(self) -> bytes:
        async with asyncio.timeout(10):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            return await self.reader.readexactly(length)


async def _read(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _works(_: Request) -> Response:
    await asyncio.sleep(PATIENCE_SECONDS * 3)
    return PlainTextResponse("worked")


async def _streams(_: Request) -> Response:
    async def parts() -> AsyncIterator[str]:
        for _ in range(4):
            await asyncio.sleep(PATIENCE_SECONDS / 2)
            yield "part "

    return StreamingResponse(parts())


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    """A connection to a server that is in a hurry."""
    paths = {"/read": _read, "/works": _works, "/streams": _streams}
    routes = [Route(path, each, methods=["POST", "GET"]) for path, each in paths.items()]
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=routes),
            port=0,
            http=Hurried,
            ws="none",
            log_config=None,
            lifespan="off",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    )
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn tells nobody
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield Peer(reader, writer)
    writer.close()
    server.should_exit = True
    await running


@pytest.mark.parametrize(
    "begun",
    [
        b"POST /read",
        HEAD[:-2],
        HEAD,
        HEAD + b"x" * 19,
        HEAD.replace(b"content-length: 20", b"expect: 100-continue")[:-2],
    ],
    ids=["a line", "headers", "no body", "most of a body", "an expectation"],
)
async def test_a_request_that_does_not_come_whole_is_let_go(peer: Peer, begun: bytes) -> None:
    await peer.send(begun)
    assert (await peer.rest()).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("data", [HEAD, HEAD + b"x" * 20], ids=["headers", "headers and body"])
async def test_a_byte_now_and_then_does_not_help(peer: Peer, data: bytes) -> None:
    assert (await peer.drips(data, PATIENCE_SECONDS / 5)).startswith(b"HTTP/1.1 408 ")


async def test_a_connection_on_which_nothing_is_asked_is_let_go(peer: Peer) -> None:
    assert await peer.rest() == b""


async def test_blank_lines_ask_nothing(peer: Peer) -> None:
    await peer.send(b"\r\n\r\n")
    assert await peer.rest() == b""


async def test_chunks_have_no_more_time_than_a_length(peer: Peer) -> None:
    head = b"POST /read HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    assert (await peer.drips(head + b"1\r\nx\r\n" * 100, 0.02)).startswith(b"HTTP/1.1 408 ")


async def test_the_second_request_of_a_connection_has_its_own_time(peer: Peer) -> None:
    for _ in range(3):
        await peer.send(HEAD)
        await asyncio.sleep(PATIENCE_SECONDS / 2)
        await peer.send(b"x" * 20)
        assert await peer.answer() == b"20"
    await peer.send(HEAD)
    assert (await peer.rest()).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(("path", "told"), [(b"/works", b"worked"), (b"/streams", b"part")])
async def test_our_own_slowness_is_not_the_peers(peer: Peer, path: bytes, told: bytes) -> None:
    await peer.send(b"GET " + path + b" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    answer = await peer.rest()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert told in answer


async def test_requests_sent_without_waiting_are_all_answered(peer: Peer) -> None:
    await peer.send((HEAD + b"x" * 20) * 5)
    for _ in range(5):
        assert await peer.answer() == b"20"
