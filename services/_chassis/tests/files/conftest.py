"""Both places for files, as fixtures."""

import contextlib
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from filestores.places import Bucket, Place, settings
from moto.server import ThreadedMotoServer

from chassis.clock import FixedClock
from chassis.files import Files
from chassis.testing import TODAY
from chassis.web import build_app


def one_write_at_a_time(server: ThreadedMotoServer) -> None:
    """S3 judges "only if there is none" and writes in one step; moto looks, then writes, in many threads."""
    assert server._server is not None
    answer, lock = server._server.app, threading.Lock()

    def judged(environ: Any, start_response: Any) -> Any:
        with lock if environ["REQUEST_METHOD"] in ("PUT", "POST") else contextlib.nullcontext():
            return answer(environ, start_response)

    server._server.app = judged


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    one_write_at_a_time(server)
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str) -> Bucket:
    made = Bucket(f"files-{secrets.token_hex(8)}", s3_endpoint)
    made.create()
    return made


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.servers)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    clock = FixedClock(TODAY)
    if request.param == "folder":
        address = f"file://{tmp_path}"

        def everything() -> list[str]:
            return sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    else:
        made: Bucket = request.getfixturevalue("bucket")
        address, everything = made.place, made.everything
    return Place(address, Files(settings(address), clock), clock, everything)


@pytest.fixture
def files(place: Place) -> Files:
    return place.files


@pytest.fixture
async def browser(files: Files) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the context's process for links, as the door does."""
    transport = httpx.ASGITransport(build_app(routes=[files.route()], checks={}))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        yield client
