"""Open subscriptions on one process: what they weigh, and how soon a change reaches its watcher.

    ./pass bench live [--streams 5000] [--rate 30 --seconds 10]

So many people watch their bookings at booking's subgraph; then some of them book at a steady rate, and the
time is taken from the sending of `bookOffer` until the booking has come by the stream: booking, outbox,
relay, Kafka and the reading of the booking are all in it. Then as many leave, and what is left is weighed.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

import orjson
import psutil
import uvloop
from bench_book import BOOK
from meter import metered, publish
from stage import Stage, stage
from wire import Request, post_all
from world import furnish, tokens

from chassis.graphql import global_id
from chassis.ids import new_id

PARTS = ("postgres", "kafka", "identity", "booking", "booking-worker")
COLUMNS = ("what", "streams", "memory MB", "KB a stream", "p50 ms", "p99 ms", "CPU ms per change: subgraph")
WATCH = b'{"query":"subscription { bookingChanged { booking { id status contremarque offerName } cursor } }"}'
_AT_ONCE = 50


class Watcher:
    """One open stream, that notes when messages come."""

    def __init__(self, url: str, token: str) -> None:
        self._where = urlsplit(url)
        self._token = token
        self.live = asyncio.Event()
        self.came: asyncio.Queue[float] = asyncio.Queue()
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        reader, self._writer = await asyncio.open_connection(
            self._where.hostname, self._where.port, limit=2**14
        )
        self._writer.write(
            f"POST {self._where.path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            f"accept: text/event-stream\r\nauthorization: Bearer {self._token}\r\n"
            f"content-length: {len(WATCH)}\r\n\r\n".encode()
            + WATCH
        )
        self._reading = asyncio.create_task(self._read(reader))
        await asyncio.wait_for(self.live.wait(), 60)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if b'"errors"' in line:
                raise SystemExit(f"a stream ended: {line.decode()}")
            if line.startswith(b"data: {"):
                if b'"booking":null' in line:
                    self.live.set()
                else:
                    self.came.put_nowait(time.perf_counter())

    def close(self) -> None:
        assert self._reading is not None
        self._reading.cancel()
        self._writer.close()


async def open_all(watchers: Sequence[Watcher]) -> None:
    waiting = iter(watchers)

    async def opener() -> None:
        for watcher in waiting:
            await watcher.open()

    await asyncio.gather(*(opener() for _ in range(_AT_ONCE)))


async def change(
    url: str,
    watchers: dict[UUID, Watcher],
    token_of: dict[UUID, str],
    stocks: Sequence[UUID],
    rate: float,
    seconds: float,
) -> list[float]:
    """Seconds from the asking to the telling, for each booking of a steady rate."""
    people = random.sample(list(watchers), int(rate * seconds))
    lags: list[float] = []

    async def one(person: UUID) -> None:
        asked = {"input": {"stockId": global_id("Stock", random.choice(stocks))}, "key": str(new_id())}
        began = time.perf_counter()
        await post_all(
            url, [Request(orjson.dumps({"query": BOOK, "variables": asked}), token_of[person])], 1, _judge
        )
        lags.append(await asyncio.wait_for(watchers[person].came.get(), 60) - began)

    async with asyncio.TaskGroup() as tasks:
        for person in people:
            tasks.create_task(one(person))
            await asyncio.sleep(1 / rate)
    return lags


def _judge(answer: dict) -> str:  # type: ignore[type-arg]
    if answer.get("errors"):
        raise SystemExit(f"not booked: {answer['errors']}")
    return "good"


async def measure(on: Stage, streams: int, rate: float, seconds: float) -> list[dict[str, object]]:
    connection = await on.connect("booking")
    world = await furnish(connection, on.key_ring("booking"), streams, offers=30)
    url, pids = on.url("booking"), on.pids("booking")
    token_of = dict(
        zip(world.people, tokens(world.people, on.platform.secrets["PASS_SIGNING_KEY"]), strict=True)
    )
    process = psutil.Process(pids["booking"])

    def weight() -> float:
        return process.memory_info().rss / 2**20

    watchers = {person: Watcher(url, token_of[person]) for person in world.people}
    first, *others = watchers.values()
    await first.open()
    rows: list[dict[str, object]] = [{"what": "one", "streams": 1, "memory MB": weight()}]
    before = weight()
    await open_all(others)
    rows.append(
        {
            "what": "all open",
            "streams": streams,
            "memory MB": weight(),
            "KB a stream": (weight() - before) * 1024 / len(others),
        }
    )
    with metered(pids) as used:
        lags = sorted(await change(url, watchers, token_of, world.stocks, rate, seconds))
    rows.append(
        {
            "what": f"{rate:g} bookings/s",
            "streams": streams,
            "memory MB": weight(),
            "p50 ms": lags[len(lags) // 2] * 1000,
            "p99 ms": lags[int(len(lags) * 0.99)] * 1000,
            "CPU ms per change: subgraph": used["booking"] / len(lags) * 1000,
        }
    )
    for watcher in watchers.values():
        watcher.close()
    await asyncio.sleep(2)
    rows.append({"what": "all gone", "streams": 0, "memory MB": weight()})
    await connection.close()
    return rows


async def main() -> None:
    parser = argparse.ArgumentParser(prog="./pass bench live", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    with stage(*PARTS) as on:
        rows = await measure(on, asked.streams, asked.rate, asked.seconds)
    publish("live", f"{asked.streams} open subscriptions on one process", COLUMNS, rows)


if __name__ == "__main__":
    uvloop.run(main())
