"""pytest plugin: real servers for tests, one of each a session.

`PASS_TEST_SERVERS=local` (default) starts the same embedded servers as `./pass up`; `containers` takes
them from a Docker engine through testcontainers. Tests cannot tell the difference.
"""

import os
from collections.abc import Iterator
from typing import Protocol

import pytest

from local_platform.ports import free_ports
from local_platform.servers import LocalKafka, LocalPostgres
from local_platform.servers.postgres_access import PostgresAccess


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
