"""One set of subgraphs for all tests; each router once in development and once in production."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.graphql import print_subgraph
from local_platform.paths import ROOT
from local_platform.servers.ports import free_ports
from local_platform.servers.router import LOCAL_PORTALS

from .routers import compose, gateway, hive_router, process

HERE = Path(__file__).parent
SUBGRAPHS = ("identity", "catalog", "booking")
PERSON = UUID("00000000-0000-7000-8000-000000000001")


@dataclass(frozen=True)
class Gateway:
    """What a client can do with a gateway."""

    url: str
    subgraphs: Mapping[str, str]
    """Name → address."""

    def post(self, body: Any, **headers: str) -> httpx.Response:
        return httpx.post(self.url, json=body, headers=_named(headers), timeout=30)

    def ask(self, query: str, **headers: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.post({"query": query}, **headers).json()
        return answer

    def seen_by(self, subgraph: str) -> list[dict[str, str]]:
        """Headers of the requests that the subgraph got since last asked."""
        requests: list[dict[str, str]] = httpx.get(f"{self.subgraphs[subgraph]}/seen").json()
        return requests


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(frozen=True)
class Issuer:
    """Signs tokens as identity does."""

    key: ECKey

    def token(self, lifetime_seconds: int = 900, key: ECKey | None = None, **claims: Any) -> str:
        now = int(time.time())
        whole = {"iss": "pass", "aud": "api", "sub": str(PERSON), "roles": ["beneficiary"], "structures": []}
        whole |= {"iat": now, "exp": now + lifetime_seconds} | claims
        header = {"alg": "ES256", "typ": "at+jwt", "kid": "test"}
        return jwt.encode(header, whole, key or self.key)


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer(ECKey.generate_key("P-256", {"kid": "test", "alg": "ES256", "use": "sig"}))


@pytest.fixture(scope="session")
def supergraph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three subgraphs composed under the names and at the addresses of the real ones."""
    folder = tmp_path_factory.mktemp("supergraph")
    listed = json.loads((ROOT / "gateway" / "subgraphs.json").read_text())
    own = [{**entry, "schema": f"{entry['name']}.graphql"} for entry in listed if entry["name"] in SUBGRAPHS]
    (folder / "subgraphs.json").write_text(json.dumps(own))
    for name in SUBGRAPHS:
        module = __import__(f"{__package__}.subgraphs.{name}", fromlist=["schema"])
        (folder / f"{name}.graphql").write_text(print_subgraph(module.schema))
    out = folder / "supergraph.graphql"
    done = compose("--root", folder, "--subgraphs", folder / "subgraphs.json", "--out", out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def subgraphs(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Name → address, of the three as processes."""
    environment = {"PASS_TEST_JWKS": json.dumps({"keys": [issuer.key.as_dict(private=False)]})}
    logs = tmp_path_factory.mktemp("subgraphs")
    with ExitStack() as stack:
        addresses = {}
        for name, port in zip(SUBGRAPHS, free_ports(len(SUBGRAPHS)), strict=True):
            addresses[name] = stack.enter_context(subgraph(name, port, environment, logs / f"{name}.log"))
        yield addresses


def subgraph(name: str, port: int, environment: Mapping[str, str], log: Path) -> Any:
    return process(
        [sys.executable, "-m", "subgraphs", name, str(port)], port, environment, HERE, log, "/healthz"
    )


def environment_of(supergraph: Path, subgraphs: Mapping[str, str], **more: str) -> dict[str, str]:
    """What a gateway is started with."""
    urls = {f"PASS_SUBGRAPH_URL_{name.upper()}": f"{address}/graphql" for name, address in subgraphs.items()}
    keys = f"{subgraphs['identity']}/.well-known/jwks.json"
    return {"PASS_SUPERGRAPH": str(supergraph), "PASS_JWKS_URL": keys, **urls, **more}


@pytest.fixture(scope="session", params=["hive-router", "hive-gateway"])
def router(request: pytest.FixtureRequest) -> str:
    """Which of the two routers."""
    if request.param == "hive-router" and hive_router() is None:
        pytest.skip("no hive_router: name one in PASS_ROUTER, or put it on the PATH or in .state/bin")
    return str(request.param)


@pytest.fixture(scope="session")
def development(
    router: str, supergraph: Path, subgraphs: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    log = tmp_path_factory.mktemp(router) / "development.log"
    environment = environment_of(supergraph, subgraphs, PASS_CORS_ORIGINS=LOCAL_PORTALS)
    with gateway(router, environment, log) as url:
        yield Gateway(url, subgraphs)


@pytest.fixture(scope="session")
def production(
    router: str, supergraph: Path, subgraphs: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    log = tmp_path_factory.mktemp(router) / "production.log"
    environment = environment_of(
        supergraph,
        subgraphs,
        PASS_ENV="production",
        PASS_DOCUMENTS="any",
        PASS_CORS_ORIGINS=r"^https://([a-z]+\.)?pass\.example$",
        PASS_CLIENT_ADDRESS_HEADER="x-edge-client",
    )
    with gateway(router, environment, log) as url:
        yield Gateway(url, subgraphs)
