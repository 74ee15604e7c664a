"""A subgraph that dies while it answers: a client is told to try again, whatever had arrived until then."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from local_platform.demo.gateway_client import PASSING

from .conftest import Gateway, environment_of
from .routers import gateway

pytestmark = pytest.mark.servers

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
BODY = b'{"data":{"offer":{"name":"Dune"}}}'
CUTS = {
    "no answer": b"",
    "half a status line": b"HTTP/1.1 2",
    "half the headers": HEAD,
    "no body": HEAD + b"content-length: 34\r\n\r\n",
    "half a body": HEAD + b"content-length: 34\r\n\r\n" + BODY[:20],
    "half a chunk": HEAD + b"transfer-encoding: chunked\r\n\r\n22\r\n" + BODY[:20],
    "no last chunk": HEAD + b"transfer-encoding: chunked\r\n\r\n14\r\n" + BODY[:20] + b"\r\n",
    "half a body of no length": HEAD + b"connection: close\r\n\r\n" + BODY[:20],
    "an empty body": HEAD + b"content-length: 0\r\n\r\n",
    "a page of a proxy": b"HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
}


class Dying:
    """A server that reads a request, sends `answer` and is gone."""

    def __init__(self) -> None:
        self.answer = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.read(65536)
        writer.write(self.answer)
        writer.close()


@contextmanager
def _served(dying: Dying) -> Iterator[str]:
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(dying.serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


@pytest.fixture(scope="module")
def dying(
    router: str, supergraph: Path, subgraphs: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Gateway, Dying]]:
    """A gateway whose catalog dies as it answers."""
    log = tmp_path_factory.mktemp(router) / "cut.log"
    catalog = Dying()
    with (
        _served(catalog) as address,
        gateway(router, environment_of(supergraph, {**subgraphs, "catalog": address}), log) as url,
    ):
        yield Gateway(url, subgraphs), catalog


@pytest.mark.parametrize("cut", sorted(CUTS))
def test_a_lost_answer_is_worth_trying_again(dying: tuple[Gateway, Dying], cut: str) -> None:
    asked, catalog = dying
    catalog.answer = CUTS[cut]
    answer = asked.ask('{ offer(id: "1") { name } now }')
    (error,) = answer["errors"]
    assert error["extensions"]["code"] in PASSING, error
    assert error["extensions"]["service"] == "catalog"
    assert answer["data"]["offer"] is None
    assert answer["data"]["now"], "the rest is answered"
