"""Both routers and a subgraph alone, in production, each started once and watched from outside."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from local_platform.servers.ports import free_ports
from tests.gateway import conftest as gateways
from tests.gateway.routers import gateway, hive_router

# The same three small subgraphs, composed: what is asked here is judged before any of them would matter.
issuer, supergraph, subgraphs = gateways.issuer, gateways.supergraph, gateways.subgraphs

TARGETS = ("hive-router persisted", "hive-router any", "hive-gateway any", "subgraph")
"""The routers by the documents that they take; `hive-router persisted` is what production runs."""


@dataclass
class Target:
    """A process to send hostile requests to."""

    name: str
    url: str
    process: psutil.Process
    log: Path
    health: list[str] = field(default_factory=list)
    """What went wrong with its health since last looked at."""

    def cpu_seconds(self) -> float:
        times = self.process.cpu_times()
        return times.user + times.system

    def memory_bytes(self) -> int:
        return int(self.process.memory_info().rss)


@pytest.fixture(scope="session", params=TARGETS)
def target(
    request: pytest.FixtureRequest,
    supergraph: Path,
    subgraphs: Mapping[str, str],
    issuer: gateways.Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Target]:
    name: str = request.param
    router, _, taken = name.partition(" ")
    if router == "hive-router" and hive_router() is None:
        pytest.skip("no hive_router: name one in PASS_ROUTER, or put it on the PATH or in .state/bin")
    log = tmp_path_factory.mktemp("security") / f"{router}-{taken}.log"
    with ExitStack() as stack:
        if name == "subgraph":
            (port,) = free_ports(1)
            keys = json.dumps({"keys": [issuer.key.as_dict(private=False)]})
            environment = {"PASS_TEST_JWKS": keys, "PASS_TEST_ENV": "production"}
            address = stack.enter_context(gateways.subgraph("catalog", port, environment, log))
            url = f"{address}/graphql"
        else:
            documents = {"PASS_ENV": "production", "PASS_DOCUMENTS": taken}
            environment = gateways.environment_of(supergraph, subgraphs, **documents)
            url = stack.enter_context(gateway(router, environment, log))
        running = Target(name, url, _listening_on(httpx.URL(url).port), log)
        _warm_up(running)
        stack.enter_context(_watched(running))
        yield running


def _listening_on(port: int | None) -> psutil.Process:
    """The child of ours with that port."""
    for child in psutil.Process().children(recursive=True):
        if any(
            held.laddr.port == port and held.status == psutil.CONN_LISTEN for held in child.net_connections()
        ):
            return child
    raise AssertionError(f"nobody listens on {port}")


def _warm_up(target: Target) -> None:
    """Compilers and caches are not what is measured."""
    for rank in range(30):
        httpx.post(target.url, json={"query": f"{{ a{rank}: offers(first: 1) {{ id }} }}"}, timeout=30)
        httpx.post(target.url, json={"query": f"{{ nothing{rank} }}"}, timeout=30)


@contextmanager
def _watched(target: Target) -> Iterator[None]:
    """Somebody asks for its health all the time."""
    stop = threading.Event()
    path = "/healthz" if target.name == "subgraph" else "/health"
    address = str(httpx.URL(target.url).copy_with(path=path))

    def watch() -> None:
        with httpx.Client(timeout=5) as client:
            while not stop.wait(0.05):
                try:
                    status = client.get(address).status_code
                except httpx.TransportError as error:
                    target.health.append(type(error).__name__)
                else:
                    if status != 200:
                        target.health.append(str(status))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()
