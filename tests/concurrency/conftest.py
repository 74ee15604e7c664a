"""Races between operating-system processes on one real database."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from booking.main import SERVICE
from booking_support.world import World
from chassis.testing import OpenRuntime, OpenSubgraph, SubgraphClient

PROCESSES = 2

Race = Callable[..., Awaitable[Counter[str]]]
Racer = subprocess.Popen[bytes]


@pytest.fixture
async def world(open_runtime: OpenRuntime) -> World:
    many = {"guichet_attempts_per_minute": 10_000, "guichet_attempts_per_minute_per_address": 10_000}
    world = World(await open_runtime(SERVICE, **many))
    await world.venue()
    return world


@pytest.fixture
async def subgraph(world: World, open_subgraph: OpenSubgraph) -> SubgraphClient:
    return await open_subgraph(SERVICE, world.runtime)


@pytest.fixture(scope="session")
def racers() -> Iterator[Sequence[Racer]]:
    """Processes that wait for a race: started once, they all set off at the same moment."""
    command = [sys.executable, str(Path(__file__).with_name("racer.py"))]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(PROCESSES)
    ]
    yield started
    for racer in started:
        racer.communicate()
        assert racer.returncode == 0


@pytest.fixture
def race(world: World, racers: Sequence[Racer]) -> Race:
    """`outcomes = await race([(person, stock), …])`, dealt out to all processes at once."""
    settings = world.runtime.settings

    async def run(bookings: Sequence[tuple[UUID, UUID]], without: str | None = None) -> Counter[str]:
        told = [
            {
                "url": settings.database_url.get_secret_value(),
                "storage_key": settings.storage_key.get_secret_value(),
                "without": without,
                "bookings": [(str(p), str(s)) for p, s in bookings[start::PROCESSES]],
            }
            for start in range(PROCESSES)
        ]
        return sum(await asyncio.gather(*map(partial(asyncio.to_thread, _run), racers, told)), Counter())

    return run


def _run(racer: Racer, told: Mapping[str, Any]) -> Counter[str]:
    assert racer.stdin is not None
    assert racer.stdout is not None
    racer.stdin.write(orjson.dumps(told) + b"\n")
    racer.stdin.flush()
    return Counter(orjson.loads(racer.stdout.readline()))


@pytest.fixture
def balanced(world: World) -> Callable[[], Awaitable[None]]:
    """Fails when what is taken or spent is not the sum of the active bookings."""

    async def check() -> None:
        row = await world.one(
            """
            SELECT
                (SELECT count(*) FROM stocks s WHERE taken <> (
                    SELECT coalesce(sum(quantity), 0) FROM bookings b
                    WHERE b.stock_id = s.id AND b.status <> 'CANCELLED')) AS stocks_off,
                (SELECT count(*) FROM wallets w WHERE spent_cents <> (
                    SELECT coalesce(sum(quantity * unit_price_cents), 0) FROM bookings b
                    WHERE b.wallet_id = w.id AND b.status <> 'CANCELLED')) AS wallets_off,
                (SELECT count(*) FROM bookings) AS bookings,
                (SELECT count(*) FROM outbox WHERE type = 'booking.booked') AS told,
                (SELECT count(*) FROM outgoing_mails WHERE kind = 'booked') AS mails,
                (SELECT count(*) FROM idempotency_keys WHERE operation = 'bookOffer') AS keys
            """
        )
        assert (row.stocks_off, row.wallets_off) == (0, 0)
        assert (row.told, row.mails, row.keys) == (row.bookings,) * 3

    return check
