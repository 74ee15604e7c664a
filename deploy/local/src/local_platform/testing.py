"""pytest plugin: real servers for tests, one of each a session.

`PASS_TEST_SERVERS=local` (default) starts the same embedded servers as `./pass up`; `containers` takes
them from a Docker engine through testcontainers. Tests cannot tell the difference.
"""

import os
from collections.abc import Iterator, Mapping
from secrets import token_urlsafe
from typing import Protocol

import pytest

from local_platform import processes, router_binary
from local_platform.accounts import ensure_staff
from local_platform.gateway import gateway_part
from local_platform.given import Given
from local_platform.own_secrets import CONTEXTS
from local_platform.platform import Platform
from local_platform.ports import Ports, free_ports
from local_platform.servers import LocalKafka, LocalPostgres
from local_platform.servers.postgres_access import PostgresAccess
from local_platform.trouble import Trouble, last_lines


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
        from local_platform.containers import ContainerPostgres

        container = ContainerPostgres()
        container.start()
        yield container
        container.stop()
        return
    (port,) = free_ports(1)
    server = LocalPostgres(tmp_path_factory.mktemp("postgres"), port, durable=False)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """An Apache Kafka broker; topics are made at first use, three partitions, compacted."""
    if _containers():
        from local_platform.containers import ContainerKafka

        container = ContainerKafka()
        container.start()
        yield container
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
def platform(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Platform]:
    """Every process of the platform, on free ports and in a folder of its own, with the staff's accounts."""

    state = tmp_path_factory.mktemp("platform")
    started = Platform(state, Ports.free(), _given(request), durable=False)
    try:
        started.up()
        ensure_staff(started)
        yield started
    except Trouble as trouble:
        end = "\n".join(last_lines(trouble.log)) if trouble.log else ""
        pytest.fail(f"{trouble}\n{end}", pytrace=False)
    finally:
        started.down()


@pytest.fixture(scope="session")
def gateways(platform: Platform) -> Iterator[Mapping[str, str]]:
    """The GraphQL address of each router that is at hand, by its name, before the one platform.

    `hive-gateway` always; `hive-router` where its binary is found.
    """
    choices = {"hive-gateway": None, "hive-router": router_binary.find()}
    chosen = {name: binary for name, binary in choices.items() if binary or name == "hive-gateway"}
    jwks_url = processes.jwks_url(platform.ports)
    beside = []
    for name, binary in chosen.items():
        ports = Ports({**platform.ports.of, "gateway": free_ports(1)[0]})
        beside.append(gateway_part(platform.state / name, ports, jwks_url, binary))
    try:
        for part in beside:
            part.start(lambda words: None)
        yield {name: f"{part.where}/graphql" for name, part in zip(chosen, beside, strict=True)}
    finally:
        for part in beside:
            part.stop()


def _given(request: pytest.FixtureRequest) -> Given:
    """The containers, when they are asked for; else nothing: the platform starts its own servers."""
    if not _containers():
        return Given()
    postgres: PostgresAccess = request.getfixturevalue("postgres_server")
    kafka: KafkaServer = request.getfixturevalue("kafka_server")
    urls = {context: postgres.create_database(context, context, token_urlsafe()) for context in CONTEXTS}
    return Given(kafka=kafka.bootstrap, databases=urls)
