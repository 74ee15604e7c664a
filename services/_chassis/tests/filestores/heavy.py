"""Run as a process of its own: writes and serves a large file, and prints what it cost in memory.

python heavy.py PLACE MEGABYTES  →  {"read_bytes": …, "grown_bytes": …}
"""

import asyncio
import json
import sys
import threading
import time
from typing import Any

import psutil

from chassis.clock import FixedClock
from chassis.files import Files, new_name
from chassis.telemetry import configure_logging
from chassis.testing import TODAY
from chassis.web import build_app
from filestores.content import megabytes, pieces
from filestores.places import settings


class _Memory(threading.Thread):
    """The most that this process holds, looked at every few milliseconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0

    def run(self) -> None:
        this = psutil.Process()
        while True:
            self.peak_bytes = max(self.peak_bytes, this.memory_info().rss)
            time.sleep(0.003)


async def _download(files: Files, url: str) -> int:
    """The link's whole answer, counted and thrown away as it comes."""
    path, _, query = url.removeprefix("http://door").partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [],
        "root_path": "",
        "scheme": "http",
        "server": ("door", 80),
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
        "asgi": {"spec_version": "2.4", "version": "3.0"},
    }
    received = 0

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        nonlocal received
        assert message.get("status", 200) == 200
        received += len(message.get("body", b""))

    await build_app(routes=[files.route()], checks={})(scope, receive, send)
    return received


async def main(place: str, count: int) -> None:
    files = Files(settings(place), FixedClock(TODAY))
    small = new_name("heavy", "txt")
    await files.write(small, pieces(b"warm"))
    await _download(files, files.link(small, "a").url)
    before = psutil.Process().memory_info().rss
    memory = _Memory()
    memory.start()
    name = new_name("heavy", "txt")
    await files.write(name, megabytes(count))
    received = await _download(files, files.link(name, "a").url)
    sys.stdout.write(json.dumps({"read_bytes": received, "grown_bytes": memory.peak_bytes - before}))


if __name__ == "__main__":
    configure_logging("heavy")
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
