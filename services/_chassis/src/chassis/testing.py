"""pytest plugin: a service opened on a fresh database, and its subgraph to talk to.

Real PostgreSQL, real migrations: they run once a session per service into a template database,
and each test gets a clone of it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis import migrations
from chassis.at_rest import KeyRing
from chassis.auth import (
    ALGORITHM,
    AUDIENCE,
    ISSUER,
    SECOND_FACTOR,
    TEAM,
    TOKEN_TYPE,
    Principal,
    StaticKeys,
    TokenVerifier,
)
from chassis.clock import TRAVEL_HEADER, FixedClock, iso
from chassis.graphql.schema import Subgraph
from chassis.ids import new_id
from chassis.jobs import Job
from chassis.jobs.command import perform
from chassis.provenance import Signer
from chassis.sealed import Sealer
from chassis.service import Runtime, Service
from chassis.web import build_app

TODAY = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
"""What the business clock of an opened runtime shows until a test moves it."""

SIGNING_KEY = ECKey.generate_key("P-256", {"kid": "tests"})
"""Signs the tokens of tests."""

SEALING_KEY = Sealer.new_key()

STORAGE_KEY = Sealer.new_key()

EVENT_KEY = Sealer.new_key()
"""Signs the events of tests, whoever's they are."""
PRODUCERS = ("identity", "catalog", "booking", "finance", "notebook")
EVENT_KEYS = " ".join(f"{context}:{Signer(EVENT_KEY).public_key}" for context in PRODUCERS)

NO_SERVERS: Mapping[str, Any] = {
    "env": "test",
    "database_url": "postgresql+asyncpg://nobody@127.0.0.1:1/none",
    "kafka": "127.0.0.1:1",
    "jwks_url": "http://127.0.0.1:1/",
    "sealing_key": SEALING_KEY,
    "storage_key": STORAGE_KEY,
    "event_key": EVENT_KEY,
    "event_keys": EVENT_KEYS,
}
"""What every service must be told, of servers that answer to nobody."""


def environment(settings: Mapping[str, Any] = NO_SERVERS) -> dict[str, str]:
    """The settings as a process is given them."""
    return {f"PASS_{name.upper()}": value for name, value in settings.items()}


class PostgresServer(Protocol):
    def url(self, database: str, /) -> str:
        """SQLAlchemy URL, with asyncpg, of one database as the superuser."""


def principal(*roles: str, person_id: UUID | None = None, structures: tuple[UUID, ...] = ()) -> Principal:
    """Somebody with these roles."""
    return Principal(person_id or new_id(), frozenset(roles), frozenset(structures))


def token_for(who: Principal, *, key: ECKey = SIGNING_KEY, lifetime_seconds: int = 900, **claims: Any) -> str:
    """An access token as identity would sign it; `claims` overrides what it says."""
    now = int(time.time())
    body = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(who.person_id),
        "roles": sorted(who.roles),
        "structures": [str(structure) for structure in who.structure_ids],
        "amr": ["pwd"] if who.roles.isdisjoint(TEAM) else ["pwd", "otp", SECOND_FACTOR],
        "iat": now,
        "exp": now + lifetime_seconds,
        **({"sid": str(who.session_id)} if who.session_id else {}),
        **claims,
    }
    return jwt.encode({"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.kid}, body, key)


@dataclass(slots=True)
class SubgraphClient:
    """Speaks to a service's subgraph through its whole HTTP stack, in this process."""

    http: httpx.AsyncClient

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        by: Principal | None = None,
        at: datetime | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The whole GraphQL response, as `by` (None: anonymous), the business clock at `at`."""
        sent = dict(headers or {})
        if by is not None:
            sent["authorization"] = f"Bearer {token_for(by)}"
        if at is not None:
            sent[TRAVEL_HEADER] = iso(at) or ""
        body = {"query": query, "variables": dict(variables or {})}
        response = await self.http.post("/graphql", json=body, headers=sent)
        answer: dict[str, Any] = response.json()
        return answer

    async def data(
        self, query: str, variables: Mapping[str, Any] | None = None, **who: Any
    ) -> dict[str, Any]:
        """The response's data; fails the test on any error."""
        answer = await self.execute(query, variables, **who)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def error_code(self, query: str, variables: Mapping[str, Any] | None = None, **who: Any) -> str:
        """The code of the response's first error; fails the test when there is none."""
        answer = await self.execute(query, variables, **who)
        assert answer.get("errors"), answer
        code: str = answer["errors"][0]["extensions"]["code"]
        return code


async def do_job(runtime: Runtime[Any], job: Job, *words: str) -> str:
    """What the job reports, done as `python -m <context> job <name> <words>` does it. Exits as that does."""
    return await perform(runtime, job, runtime.settings.context, words)


OpenRuntime = Callable[..., Awaitable[Any]]
OpenSubgraph = Callable[..., Awaitable[SubgraphClient]]


async def _as_superuser(server: PostgresServer, *statements: str) -> None:
    address = server.url("postgres").replace("postgresql+asyncpg://", "postgresql://")
    connection = await asyncpg.connect(address)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def migrated_templates() -> dict[str, str]:
    """Template database of each service opened so far in this session."""
    return {}


@pytest.fixture
async def open_runtime(
    postgres_server: PostgresServer,
    migrated_templates: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[OpenRuntime]:
    """`runtime = await open_runtime(service, **settings)`: the service's runtime on a database of its own."""
    opened: list[tuple[Runtime[Any], str]] = []

    async def open_one(service: Service[Any], **settings: Any) -> Any:
        template = migrated_templates.get(service.name)
        if template is None:
            template = f"template_{service.name}"
            await _as_superuser(postgres_server, f"CREATE DATABASE {template}")
            await _migrate(postgres_server.url(template), service)
            migrated_templates[service.name] = template
        database = f"test_{service.name}_{new_id().hex}"
        await _as_superuser(
            postgres_server, f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY"
        )
        values = {
            **NO_SERVERS,
            "database_url": postgres_server.url(database),
            "time_travel": True,
            **settings,
        }
        if "files" in service.settings.model_fields:
            values.setdefault("files", f"file://{tmp_path_factory.mktemp('files')}")
        runtime = service.runtime.build(service.settings(**values), FixedClock(TODAY))
        opened.append((runtime, database))
        return runtime

    yield open_one
    for runtime, database in opened:
        await runtime.close()
        await _as_superuser(postgres_server, f"DROP DATABASE {database} WITH (FORCE)")


async def _migrate(url: str, service: Service[Any]) -> None:
    ring = KeyRing(service.name, STORAGE_KEY)
    await asyncio.to_thread(migrations.upgrade, url, service.migrations, ring, sealer=Sealer(SEALING_KEY))


@pytest.fixture
async def empty_database(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """The URL of a database that nothing was migrated in yet."""
    name = f"empty_{new_id().hex}"
    await _as_superuser(postgres_server, f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    await _as_superuser(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _schema_of(build: Callable[[bool], Subgraph], global_ids: bool) -> Subgraph:
    schema = build(True)
    return schema.with_global_ids() if global_ids else schema


@pytest.fixture
async def open_subgraph() -> AsyncIterator[OpenSubgraph]:
    """`client = await open_subgraph(service, runtime[, live])`: a client of the service's subgraph.

    The tokens of `token_for` are good here, whatever keys the service uses itself. It speaks of UUIDs, as
    the service does behind its edge; with `global_ids=True` as it is served.
    """
    clients: list[httpx.AsyncClient] = []

    async def open_one(
        service: Service[Any], runtime: Runtime[Any], live: Any = None, *, global_ids: bool = False
    ) -> SubgraphClient:
        verifier = TokenVerifier(StaticKeys(KeySet([SIGNING_KEY])))
        routes = service.http_routes(runtime, verifier, _schema_of(service.schema, global_ids), live)
        app = build_app(routes=routes, checks={})
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://subgraph")
        clients.append(client)
        return SubgraphClient(client)

    yield open_one
    for client in clients:
        await client.aclose()
