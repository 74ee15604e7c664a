"""A load generator that costs little beside what it loads: keep-alive HTTP/1.1 on bare asyncio."""

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson


@dataclass
class Outcome:
    """What a run gave: answers in all, those that were as expected, the time of each in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    good: int = 0
    other: dict[str, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return self.good / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@dataclass(frozen=True)
class Request:
    body: bytes
    token: str


class _Connection:
    def __init__(self, host: str, port: int, path: str, tls: ssl.SSLContext | None) -> None:
        self._host, self._port, self._path, self._tls = host, port, path, tls
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port, ssl=self._tls)

    async def post(self, request: Request) -> bytes:
        head = (
            f"POST {self._path} HTTP/1.1\r\nhost: {self._host}\r\ncontent-type: application/json\r\n"
            f"authorization: Bearer {request.token}\r\ncontent-length: {len(request.body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + request.body)
        answer_head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if (at := answer_head.find(b"content-length:")) >= 0:
            return await self._reader.readexactly(int(answer_head[at + 15 : answer_head.index(b"\r\n", at)]))
        return await self._chunks()

    async def _chunks(self) -> bytes:
        body = b""
        while size := int((await self._reader.readline()).strip() or b"0", 16):
            body += await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readline()
        return body

    def close(self) -> None:
        self._writer.close()


async def post_all(
    url: str,
    requests: Sequence[Request],
    in_flight: int,
    judge: Callable[[dict[str, Any]], str],
    tls: ssl.SSLContext | None = None,
) -> Outcome:
    """Send every request once, `in_flight` at a time; `judge` names an answer, "good" for as expected.

    `tls`: for an https URL.
    """
    where = urlsplit(url)
    waiting = iter(requests)
    outcome = Outcome()

    async def worker() -> None:
        connection = _Connection(
            where.hostname or "", where.port or 80, where.path, tls if where.scheme == "https" else None
        )
        await connection.open()
        for request in waiting:
            started = time.perf_counter()
            verdict = judge(orjson.loads(await connection.post(request)))
            outcome.latencies.append(time.perf_counter() - started)
            if verdict == "good":
                outcome.good += 1
            else:
                outcome.other[verdict] = outcome.other.get(verdict, 0) + 1
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    outcome.seconds = time.perf_counter() - started
    return outcome
