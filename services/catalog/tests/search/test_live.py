"""The process on a real broker: published, found; sold out, gone; killed, nothing lost."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from chassis.clock import iso
from chassis.ids import new_id
from chassis.provenance import HEADER, Signer
from chassis.testing import EVENT_KEY, environment
from local_platform.servers.ports import free_ports

pytestmark = pytest.mark.servers

IN_TIME_SECONDS = 2.0
"""What is promised from an event to the search that sees it."""

Say = Callable[..., Awaitable[None]]


class Process:
    """`python -m search serve` on a directory of its own."""

    def __init__(self, directory: Path, bootstrap: str) -> None:
        (self._port,) = free_ports(1)
        self._environment = {
            **os.environ,
            **environment(),
            "PASS_KAFKA": bootstrap,
            "PASS_INDEX_DIR_SEARCH": str(directory),
            "PASS_HTTP_PORT_SEARCH": str(self._port),
            "PASS_LOOK_AGAIN_SECONDS_SEARCH": "2",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self._port}")

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "search", "serve"], env=self._environment)
        self._until(self._is_ready, 30)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int | None:
        if self._process is None:
            return None
        self._process.send_signal(how)
        code = self._process.wait(15)
        self._process = None
        return code

    def send(self, what: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(what)

    def command(self, name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "search", name],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def names(self, text: str) -> list[str]:
        query = "query($q: String!) { searchOffers(query: $q, first: 100) { edges { node { name } } } }"
        answer = self.http.post("/graphql", json={"query": query, "variables": {"q": text}}).json()
        return [edge["node"]["name"] for edge in answer["data"]["searchOffers"]["edges"]]

    async def shows(self, text: str, expected: list[str], within: float = IN_TIME_SECONDS) -> None:
        """Wait until a search for `text` gives exactly these names; fails the test when it is too late."""
        started = time.monotonic()
        while (found := sorted(set(self.names(text)))) != expected:
            assert time.monotonic() < started + within, f"{text}: {found}"
            await asyncio.sleep(0.02)

    def cpu_seconds(self) -> float:
        assert self._process is not None
        user, system = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _is_ready(self) -> bool:
        try:
            return self.http.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def _until(self, holds: Callable[[], bool], patience: float) -> None:
        deadline = time.monotonic() + patience
        while not holds():
            assert self._process is not None
            assert self._process.poll() is None, "search died"
            assert time.monotonic() < deadline, self.http.get("/readyz").text
            time.sleep(0.05)


@pytest.fixture
def process(kafka_server: Any, tmp_path: Path) -> Iterator[Process]:
    running = Process(tmp_path, kafka_server.bootstrap)
    yield running
    running.stop(signal.SIGKILL)


@pytest.fixture
async def say(kafka_server: Any) -> AsyncIterator[Say]:
    """`await say("catalog.offer.v1", {...}, …)`: events on the topics, acknowledged."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka_server.bootstrap, acks="all", linger_ms=0)
    await producer.start()

    async def send(*events: tuple[str, dict[str, Any]]) -> None:
        messages = [(topic, body["id"].encode(), json.dumps(body).encode()) for topic, body in events]
        proofs = Signer(EVENT_KEY).sign(messages)
        sent = [
            await producer.send(topic, value, key, headers=[(HEADER, proof)])
            for (topic, key, value), proof in zip(messages, proofs, strict=True)
        ]
        await asyncio.gather(*sent)

    yield send
    await producer.stop()


@pytest.fixture
def concert() -> SimpleNamespace:
    """The events of one concert with a title nobody else has; change the version to change the facts."""
    venue_id, offer_id, stock_id = (str(new_id()) for _ in range(3))
    word = "".join(chr(ord("a") + int(digit, 16)) for digit in new_id().hex[-12:])
    now = datetime.now(UTC)

    def venue(version: int = 1, **of: Any) -> tuple[str, dict[str, Any]]:
        body = {"id": venue_id, "version": version, "structure_status": "validated", "name": "Salle", **of}
        return "catalog.venue.v1", {"latitude": 48.85, "longitude": 2.35, "city": "Paris", **body}

    def offer(version: int = 1, **of: Any) -> tuple[str, dict[str, Any]]:
        body = {
            "id": offer_id,
            "version": version,
            "venue_id": venue_id,
            "subcategory_id": "CONCERT",
            "name": word,
        }
        lasting = {"validation": "APPROVED", "is_active": True, "published_at": iso(now), "is_duo": False}
        return "catalog.offer.v1", {**body, **lasting, **of}

    def stock(version: int = 1, **of: Any) -> tuple[str, dict[str, Any]]:
        body = {"id": stock_id, "version": version, "offer_id": offer_id, "price_cents": 900, "quantity": 1}
        starts = {"starts_at": iso(now + timedelta(days=9)), "created_at": iso(now)}
        return "catalog.stock.v1", {**body, **starts, **of}

    def availability(version: int, booked: int) -> tuple[str, dict[str, Any]]:
        body = {"id": stock_id, "version": version, "offer_id": offer_id, "quantity": 1}
        return "booking.availability.v1", {**body, "booked": booked, "remaining": 1 - booked}

    return SimpleNamespace(word=word, venue=venue, offer=offer, stock=stock, availability=availability)


async def test_published_is_found_and_sold_out_is_gone_within_two_seconds(
    process: Process, say: Say, concert: SimpleNamespace
) -> None:
    process.start()

    await say(concert.venue(), concert.offer(), concert.stock())
    await process.shows(concert.word, [concert.word])
    await say(concert.availability(1, booked=1))
    await process.shows(concert.word, [])
    await say(concert.availability(2, booked=0))
    await process.shows(concert.word, [concert.word])
    await say(concert.offer(2, is_active=False))
    await process.shows(concert.word, [])


async def test_killed_it_takes_up_where_it_left_off(
    process: Process, say: Say, concert: SimpleNamespace
) -> None:
    process.start()
    await say(concert.venue(), concert.offer(), concert.stock())
    await process.shows(concert.word, [concert.word])

    process.stop(signal.SIGKILL)
    await say(concert.offer(2, name=f"{concert.word} complet"), ("catalog.offer.v1", {"id": "not an offer"}))
    process.start()

    assert process.names(concert.word) == [f"{concert.word} complet"], "ready means caught up"
    process.stop()
    assert "catalog.offer.v1" in process.command("dead-letters").stdout


async def test_rebuilt_from_the_topics_alone(process: Process, say: Say, concert: SimpleNamespace) -> None:
    process.start()
    await say(concert.venue(), concert.offer(), concert.stock())
    await process.shows(concert.word, [concert.word])

    refused = process.command("rebuild")
    assert refused.returncode == 1
    assert "another process" in refused.stderr
    assert process.stop() == 0
    assert process.command("rebuild").returncode == 0
    process.start()

    assert process.names(concert.word) == [concert.word]


@pytest.mark.parametrize("running", [True, False], ids=["meanwhile-running", "meanwhile-stopped"])
async def test_a_broker_that_lost_everything_and_is_filled_anew(
    process: Process, kafka_server: Any, say: Say, concert: SimpleNamespace, running: bool
) -> None:
    process.start()
    await say(concert.venue(), concert.offer(), concert.stock())
    await process.shows(concert.word, [concert.word])
    if not running:
        process.stop()

    kafka_server.stop()
    kafka_server.forget()
    kafka_server.start()
    again = [concert.venue(), concert.offer(2, name=f"{concert.word} bis"), concert.stock()]
    await say(*again, *((topic, {**body, "id": str(new_id())}) for topic, body in again * 5))
    if not running:
        process.start()

    await process.shows(f"{concert.word} bis", [f"{concert.word} bis"], within=60)


async def test_a_log_that_has_grown_as_long_again_is_told_from_the_one_that_was_read(
    process: Process, kafka_server: Any, say: Say, concert: SimpleNamespace
) -> None:
    """Nothing is out of range then, and nothing is new."""
    kafka_server.stop()
    kafka_server.forget()
    kafka_server.start()
    process.start()
    await say(concert.venue(), concert.offer(), concert.stock())
    await process.shows(concert.word, [concert.word])

    kafka_server.stop()
    kafka_server.forget()
    kafka_server.start()
    await say(concert.venue(), concert.offer(2, name=f"{concert.word} bis"), concert.stock())

    await process.shows(f"{concert.word} bis", [f"{concert.word} bis"], within=60)


async def test_a_reader_that_met_only_the_end_of_the_new_log(
    process: Process, kafka_server: Any, say: Say, concert: SimpleNamespace
) -> None:
    """It reads on where it was, as if nothing had happened: what came before is the new log's as well."""
    kafka_server.stop()
    kafka_server.forget()
    kafka_server.start()
    process.start()
    await say(concert.venue(), concert.offer(), concert.stock())
    await process.shows(concert.word, [concert.word])

    process.send(signal.SIGSTOP)
    kafka_server.stop()
    kafka_server.forget()
    kafka_server.start()
    again = [concert.venue(), concert.offer(2, name=f"{concert.word} bis"), concert.stock()]
    await say(*again)
    await say(*((topic, {**body, "id": str(new_id())}) for topic, body in again * 20))
    process.send(signal.SIGCONT)

    await process.shows(f"{concert.word} bis", [f"{concert.word} bis"], within=60)


async def test_it_rests_when_there_is_nothing_to_do(process: Process) -> None:
    process.start()
    await asyncio.sleep(0.5)
    before = process.cpu_seconds()
    await asyncio.sleep(3)

    assert process.cpu_seconds() - before < 0.15
