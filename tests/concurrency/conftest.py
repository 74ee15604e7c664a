"""Races between operating-system processes on one real database."""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from uuid import UUID

import orjson
import pytest

from booking.main import SERVICE
from booking.testing import World
from chassis.testing import OpenHouse, OpenSubgraph, SubgraphClient

PROCESSES = 2

Race = Callable[..., Awaitable[Counter[str]]]


@pytest.fixture
async def world(open_house: OpenHouse) -> World:
    many = {"guichet_attempts_per_minute": 10_000, "guichet_attempts_per_minute_per_address": 10_000}
    world = World(await open_house(SERVICE, **many))
    await world.venue()
    return world


@pytest.fixture
async def subgraph(world: World, open_subgraph: OpenSubgraph) -> SubgraphClient:
    return await open_subgraph(SERVICE, world.house)


@pytest.fixture
def race(world: World) -> Race:
    """`outcomes = await race([(person, stock), …])`, dealt out to two processes at once."""
    url = world.house.settings.database_url.get_secret_value()

    async def run(bookings: Sequence[tuple[UUID, UUID]], without: str | None = None) -> Counter[str]:
        hands = [bookings[start::PROCESSES] for start in range(PROCESSES)]
        return sum(await asyncio.gather(*(one(hand, without) for hand in hands)), Counter())

    async def one(hand: Sequence[tuple[UUID, UUID]], without: str | None) -> Counter[str]:
        racer = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).with_name("racer.py")),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        told = {"url": url, "without": without, "bookings": [(str(p), str(s)) for p, s in hand]}
        out, _ = await racer.communicate(orjson.dumps(told))
        assert racer.returncode == 0
        return Counter(orjson.loads(out))

    return run


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
