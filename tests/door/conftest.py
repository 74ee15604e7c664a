"""One door in development and one in production, each before an upstream that stands for all."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from .doors import Upstream, running_door, upstream

BEHIND = ("gateway", "identity", "catalog", "booking", "finance")
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Door:
    """What a client can do, and what the one behind the door saw of it."""

    address: str
    behind: Mapping[str, Upstream]
    log: Path

    @property
    def asked(self) -> list[dict[str, list[str]]]:
        """The headers of whatever reached one of those behind the door."""
        return self.behind["gateway"].seen

    def post(self, path: str = "/graphql", **request: object) -> httpx.Response:
        headers = {**JSON, **request.pop("headers", {})}  # type: ignore[dict-item]
        return httpx.post(f"{self.address}{path}", headers=headers, timeout=20, **request)  # type: ignore[arg-type]

    def get(self, path: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(f"{self.address}{path}", headers=named, timeout=20)

    def events(self, query: str = "") -> Iterator[str]:
        """A subscription, to its end."""
        headers = JSON | {"accept": "text/event-stream", "accept-encoding": "gzip, zstd"}
        where = f"{self.address}/graphql{query}"
        with httpx.stream("POST", where, headers=headers, content=b"{}", timeout=20) as answer:
            yield from (line for line in answer.iter_lines() if line)

    def seen(self, path: str = "/graphql", **request: object) -> dict[str, list[str]]:
        """The headers that reached the one behind the door, each with all its values."""
        self.asked.clear()
        assert self.post(path, content=b"{}", **request).status_code == 200
        (headers,) = self.asked
        return headers


@pytest.fixture(scope="session")
def behind() -> Iterator[Mapping[str, Upstream]]:
    with ExitStack() as stack:
        seen: list[dict[str, list[str]]] = []
        yield {name: stack.enter_context(upstream(name, seen)) for name in BEHIND}


def before(behind: Mapping[str, Upstream], folder: Path, **settings: str) -> Iterator[Door]:
    """A door of its own."""
    everywhere = {f"PASS_DOOR_{name.upper()}": server.address for name, server in behind.items()}
    with running_door(folder, "/readyz", **(everywhere | settings)) as address:
        yield Door(address, behind, folder / "door.log")


@pytest.fixture(scope="session")
def door(behind: Mapping[str, Upstream], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    yield from before(behind, tmp_path_factory.mktemp("door"))


@pytest.fixture(scope="session")
def production(behind: Mapping[str, Upstream], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """With a trusted proxy: this machine."""
    folder = tmp_path_factory.mktemp("door")
    yield from before(
        behind, folder, PASS_ENV="production", PASS_DOOR_TRUSTED_PROXIES="127.0.0.0/8 ::1/128 10.0.0.0/8"
    )
