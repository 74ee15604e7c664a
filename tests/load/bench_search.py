"""Searches per second and their latency, beside PostgreSQL answering the same ones.

    ./pass bench search [--offers 20000] [--queries 60] [--seconds 4]

One made-up catalogue, the same queries, one run. Latency: one search at a time. Throughput: all
shapes shuffled, two at a time, in two threads here and on two connections there. Both are given
what they like best: PostgreSQL its statements prepared, its data in memory and analysed.
"""

import argparse
import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import search_postgres
import uvloop
from meter import RESULTS, publish
from search_catalogue import SHAPES, Catalogue

from local_platform.servers.ports import free_ports
from local_platform.servers.postgres import LocalPostgres
from search.domain.document import Document
from search.domain.query import SearchQuery
from search.engine.interface import Change
from search.engine.tantivy_engine import TantivyEngine

AT_A_TIME = 2
COLUMNS = ("search", "hits", "p50 ms", "p95 ms", "PG p50", "PG p95", "× faster", "per s", "PG per s")
"""PG is PostgreSQL; × faster compares the medians."""


def quantiles(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(seconds)
    return ordered[len(ordered) // 2] * 1e3, ordered[int(len(ordered) * 0.95)] * 1e3


def shuffled(queries: dict[str, list[SearchQuery]]) -> list[SearchQuery]:
    mix = [query for of_shape in queries.values() for query in of_shape]
    random.Random(1).shuffle(mix)
    return mix


def fill(engine: TantivyEngine, documents: Sequence[Document]) -> float:
    """Documents per second, in commits of 1 000."""
    started = time.perf_counter()
    for first in range(0, len(documents), 1_000):
        engine.apply([Change(found.offer_id, found) for found in documents[first : first + 1_000]])
    return len(documents) / (time.perf_counter() - started)


def tantivy_throughput(engine: TantivyEngine, mix: Sequence[SearchQuery], seconds: float) -> float:
    def keep_asking(start: int) -> int:
        done, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            engine.search(mix[(start + done * AT_A_TIME) % len(mix)])
            done += 1
        return done

    with ThreadPoolExecutor(AT_A_TIME) as threads:
        return sum(threads.map(keep_asking, range(AT_A_TIME))) / seconds


async def postgres_throughput(
    connections: Sequence[asyncpg.Connection], mix: Sequence[SearchQuery], seconds: float
) -> float:
    async def keep_asking(start: int, connection: asyncpg.Connection) -> int:
        done, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            await search_postgres.search(connection, mix[(start + done * AT_A_TIME) % len(mix)])
            done += 1
        return done

    return sum(await asyncio.gather(*(keep_asking(n, c) for n, c in enumerate(connections)))) / seconds


@contextmanager
def postgres(directory: Path) -> Iterator[LocalPostgres]:
    server = LocalPostgres(directory, free_ports(1)[0], durable=False)
    server.start()
    try:
        yield server
    finally:
        server.stop()


async def measure(
    arguments: argparse.Namespace, directory: Path, server: LocalPostgres
) -> list[dict[str, Any]]:
    catalogue = Catalogue(arguments.offers)
    documents = list(catalogue.documents())
    queries = catalogue.queries(arguments.queries)
    mix = shuffled(queries)
    engine = TantivyEngine(directory / "index")
    per_second = fill(engine, documents)
    server.create_database("offers")
    connections = [await asyncpg.connect(server.dsn("offers")) for _ in range(AT_A_TIME)]
    await search_postgres.load(connections[0], documents)
    del documents
    rows = []
    for shape in SHAPES:
        ours, theirs, hits = [], [], 0
        for query in queries[shape]:
            started = time.perf_counter()
            page = engine.search(query)
            ours.append(time.perf_counter() - started)
            hits += len(page.hits)
            started = time.perf_counter()
            await search_postgres.search(connections[0], query)
            theirs.append(time.perf_counter() - started)
        (p50, p95), (their_p50, their_p95) = quantiles(ours), quantiles(theirs)
        figures = (shape, hits / len(ours), p50, p95, their_p50, their_p95, their_p50 / p50)
        rows.append(dict(zip(COLUMNS, figures, strict=False)))
    mixed = tantivy_throughput(engine, mix, arguments.seconds)
    their_mixed = await postgres_throughput(connections, mix, arguments.seconds)
    rows.append({"search": "all, two at a time", "per s": mixed, "PG per s": their_mixed})
    rows.append({"search": "offers indexed", "per s": per_second})
    for connection in connections:
        await connection.close()
    engine.close()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="./pass bench search", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--offers", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=60, help="of each shape")
    parser.add_argument("--seconds", type=float, default=4.0, help="of throughput")
    arguments = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="bench-", dir=RESULTS))
    try:
        with postgres(directory / "postgres") as server:
            rows = uvloop.run(measure(arguments, directory, server))
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    publish("search", f"Searching {arguments.offers:,} offers".replace(",", " "), COLUMNS, rows)


if __name__ == "__main__":
    main()
