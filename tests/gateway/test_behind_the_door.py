"""What the door promises holds through either router: who asks, being away, events."""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from local_platform.servers.ports import free_ports
from tests.door.doors import running_door

from .conftest import Gateway, environment_of
from .routers import gateway
from .test_subscriptions import events

pytestmark = pytest.mark.servers

LONGEST_SECONDS = 20.0


@dataclass
class Restartable:
    """A door, and the gateway behind it, which can go and come back on the same port."""

    through: Gateway
    router: str
    environment: Mapping[str, str]
    log: Path
    port: int
    running: ExitStack

    def start(self) -> None:
        self.running.enter_context(gateway(self.router, self.environment, self.log, self.port))

    def stop(self) -> None:
        self.running.close()


@pytest.fixture
def door(
    router: str, supergraph: Path, subgraphs: Mapping[str, str], tmp_path: Path
) -> Iterator[Restartable]:
    (port,) = free_ports(1)
    environment = environment_of(supergraph, subgraphs)
    with (
        ExitStack() as running,
        running_door(tmp_path / "door", PASS_DOOR_GATEWAY=f"127.0.0.1:{port}") as address,
    ):
        restartable = Restartable(
            Gateway(f"{address}/graphql", subgraphs),
            router,
            environment,
            tmp_path / "gateway.log",
            port,
            running,
        )
        restartable.start()
        deadline = time.monotonic() + LONGEST_SECONDS
        while httpx.get(f"{address}/readyz").status_code != 200:
            assert time.monotonic() < deadline
        yield restartable


def test_a_subgraph_learns_the_address_that_the_door_saw(door: Restartable) -> None:
    door.through.seen_by("identity")
    forged = {"x_pass_client_address": "6.6.6.6", "x_forwarded_for": "6.6.6.6", "forwarded": "for=6.6.6.6"}
    answer = door.through.post({"query": "{ now }"}, **forged)
    (seen,) = door.through.seen_by("identity")
    assert seen["x-pass-client-address"] == "127.0.0.1"
    assert "6.6.6.6" not in str(seen)
    assert seen["traceparent"].split("-")[1] == seen["x-request-id"] == answer.headers["x-request-id"]


def test_while_a_router_restarts_clients_are_told_one_thing(door: Restartable) -> None:
    """Asked all the time, killed and started: an answer, or UNAVAILABLE, and nothing else."""
    told: list[str] = []

    def ask() -> None:
        answer = door.through.post({"query": "{ now }"})
        errors = answer.json().get("errors")
        told.append(f"{answer.status_code} {errors[0]['extensions']['code']}" if errors else "answered")

    ask()
    door.stop()
    for _ in range(20):
        ask()
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(door.start)
        began = time.monotonic()
        while told[-1] != "answered" or not starting.done():
            assert time.monotonic() - began < LONGEST_SECONDS
            ask()
        starting.result()
    for _ in range(20):
        ask()
    assert told[0] == told[-1] == "answered"
    assert set(told) == {"answered", "503 UNAVAILABLE"}


def test_events_are_not_held_back_by_the_door(door: Restartable) -> None:
    began = time.monotonic()
    for event in events(
        door.through, "subscription { bookingChanges(count: 2, pauseMs: 10000) { id offer { name } } }"
    ):
        assert event["data"]["bookingChanges"]["offer"]["name"]
        assert time.monotonic() - began < 8
        break


def test_a_client_that_goes_away_is_no_longer_watching_through_the_door(door: Restartable) -> None:
    for _ in events(door.through, "subscription { bookingChanges(count: 1000, pauseMs: 50) { id } }"):
        break
    deadline = time.monotonic() + 10
    while door.through.ask("{ watchers }")["data"]["watchers"]:
        assert time.monotonic() < deadline, "the subgraph still sends"
        time.sleep(0.1)
