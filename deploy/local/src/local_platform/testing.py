"""pytest plugin: real servers for tests, one of each a session.

`PASS_TEST_SERVERS=local` (default) starts the same embedded servers as `./pass up`; `containers` takes
them from a Docker engine through testcontainers. Tests cannot tell the difference.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Protocol

import pytest

from chassis.inner_tls import AUTHORITY, OWN
from local_platform.demo.accounts import ensure_staff
from local_platform.platform import processes
from local_platform.platform.external_servers import ExternalServers
from local_platform.platform.own_secrets import CONTEXTS
from local_platform.platform.platform import Platform
from local_platform.servers import router_binary
from local_platform.servers.certificates import new_authority
from local_platform.servers.door import door_part
from local_platform.servers.kafka import LocalKafka
from local_platform.servers.memory import memory_folder
from local_platform.servers.parts import ProcessPart
from local_platform.servers.ports import Ports, free_ports
from local_platform.servers.postgres import LocalPostgres
from local_platform.servers.postgres_access import PostgresAccess
from local_platform.servers.router import gateway_part
from local_platform.user_error import UserError, last_lines


class KafkaServer(Protocol):
    """What tests may ask of a Kafka broker."""

    @property
    def bootstrap(self) -> str: ...

    def start(self) -> bool: ...

    def stop(self) -> bool: ...

    def forget(self) -> None: ...


def _containers() -> bool:
    chosen = os.environ.get("PASS_TEST_SERVERS", "local")
    if chosen not in ("local", "containers"):
        raise pytest.UsageError(f"PASS_TEST_SERVERS is {chosen!r}; it must be local or containers.")
    return chosen == "containers"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresAccess]:
    """A PostgreSQL 18 that forgets on a power cut; its superuser may make any database and role."""
    if _containers():
        from local_platform.servers.containers import ContainerPostgres

        container = ContainerPostgres()
        try:
            container.start()
            yield container
        finally:
            container.stop()
        return
    (port,) = free_ports(1)
    with memory_folder(otherwise=tmp_path_factory.mktemp("postgres")) as folder:
        server = LocalPostgres(folder, port, durable=False)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """An Apache Kafka broker; topics are made at first use, three partitions, compacted."""
    if _containers():
        from local_platform.servers.containers import ContainerKafka

        container = ContainerKafka()
        try:
            container.start()
            yield container
        finally:
            container.close()
        return
    port, controller_port = free_ports(2)
    server = LocalKafka(tmp_path_factory.mktemp("kafka"), port, controller_port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def inner_tls(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Mapping[str, str]]:
    """`inner_tls("booking")`: the settings, by field, with which a part of this name is believed by the others."""
    folder, now = tmp_path_factory.mktemp("certificates"), datetime.now(UTC)
    authority = new_authority(now)

    def of(part: str) -> Mapping[str, str]:
        own: Path = folder / part
        if not own.exists():
            own.mkdir()
            (own / OWN).write_bytes(authority.certify(part, (part, "localhost", "127.0.0.1"), now))
            (own / AUTHORITY).write_bytes(authority.public)
        return {"inner_tls": str(own), "jwks_url": "https://127.0.0.1:1/"}

    return of


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Platform]:
    """Every process of the platform, on free ports and in a folder of its own, with the staff's accounts."""

    state = tmp_path_factory.mktemp("platform")
    started = Platform(state, Ports.free(), _external_servers(request), durable=False)
    try:
        started.up()
        ensure_staff(started)
        yield started
    except UserError as user_error:
        end = "\n".join(last_lines(user_error.log)) if user_error.log else ""
        pytest.fail(f"{user_error}\n{end}", pytrace=False)
    finally:
        started.down()


@pytest.fixture(scope="session")
def gateways(platform: Platform) -> Iterator[Mapping[str, str]]:
    """The GraphQL address of a door with each router that is at hand behind it, by the router's name.

    All before the one platform.

    `hive-gateway` always; `hive-router` where its binary is found.
    """
    choices = {"hive-gateway": None, "hive-router": router_binary.find()}
    chosen = {name: binary for name, binary in choices.items() if binary or name == "hive-gateway"}
    with before(platform, chosen) as doors:
        yield {name: f"{door.where}/graphql" for name, door in doors.items()}


@contextmanager
def before(platform: Platform, chosen: Mapping[str, Path | None]) -> Iterator[Mapping[str, ProcessPart]]:
    """A door of its own for each of these routers (name → Hive Router's binary, None for Hive Gateway)."""
    jwks_url = processes.jwks_url(platform.ports, platform.certificates)
    beside: list[ProcessPart] = []
    for name, binary in chosen.items():
        door, gateway = free_ports(2)
        ports, state = Ports({**platform.ports.of, "door": door, "gateway": gateway}), platform.state / name
        beside += [
            gateway_part(state, ports, jwks_url, binary, platform.certificates),
            door_part(state, ports, platform.certificates),
        ]
    try:
        for part in beside:
            part.start(lambda words: None)
        yield dict(zip(chosen, beside[1::2], strict=True))
    finally:
        for part in beside:
            part.stop()


def _external_servers(request: pytest.FixtureRequest) -> ExternalServers:
    """The containers, when they are asked for; else nothing: the platform starts its own servers."""
    if not _containers():
        return ExternalServers()
    postgres: PostgresAccess = request.getfixturevalue("postgres_server")
    kafka: KafkaServer = request.getfixturevalue("kafka_server")
    urls = {context: postgres.create_database(context, context, token_urlsafe()) for context in CONTEXTS}
    return ExternalServers(kafka=kafka.bootstrap, databases=urls)
