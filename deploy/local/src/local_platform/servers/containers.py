"""The same two servers from a Docker engine of this machine, for `PASS_TEST_SERVERS=containers`.

Their ports are published on the loopback interface alone: nobody else's business, and what Kafka advertises.
"""

import os
import secrets
import time
from collections.abc import Callable

from testcontainers.core.container import DockerContainer

from local_platform.servers.kafka import TOPIC_SETTINGS, answers
from local_platform.servers.ports import LOOPBACK, free_ports
from local_platform.servers.postgres import FORGETFUL
from local_platform.servers.postgres_access import PostgresAccess
from local_platform.user_error import UserError

POSTGRES_IMAGE = "postgres:18"
KAFKA_IMAGE = "apache/kafka:4.3.1"
PATIENCE = 90.0
"""Seconds for an image that is already here to answer; pulling it comes before."""


class ContainerPostgres(PostgresAccess):
    """PostgreSQL in a container, as forgetful as the embedded one of the tests."""

    def __init__(self) -> None:
        self._password = secrets.token_urlsafe(18)
        self.host = LOOPBACK
        (self.port,) = free_ports(1)
        options = [part for name, value in FORGETFUL.items() for part in ("-c", f"{name}={value}")]
        self._container = (
            _published(POSTGRES_IMAGE, 5432, self.port)
            .with_env("POSTGRES_PASSWORD", self._password)
            .with_command(["postgres", "-c", "max_connections=200", *options])
        )

    @property
    def superuser_password(self) -> str:
        return self._password

    def start(self) -> None:
        _must_be_local()
        self._container.start()
        _wait_for(self._container, POSTGRES_IMAGE, self._answers)

    def stop(self) -> None:
        self._container.stop()

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except UserError:
            return False
        return True


class ContainerKafka:
    """Kafka in a container; its port is the same outside and inside, for that is what it advertises."""

    def __init__(self) -> None:
        (self.port,) = free_ports(1)
        self._container = self._new()
        self._made = False

    @property
    def bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> bool:
        _must_be_local()
        if self._made:
            self._container.get_wrapped_container().start()
        else:
            self._container.start()
            self._made = True
        _wait_for(self._container, KAFKA_IMAGE, lambda: answers(self.port))
        return True

    def stop(self) -> bool:
        self._container.get_wrapped_container().stop()
        return True

    def forget(self) -> None:
        self._container.stop()
        self._container, self._made = self._new(), False

    def close(self) -> None:
        if self._made:
            self._container.stop()

    def _new(self) -> DockerContainer:
        properties = {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_LISTENERS": f"PLAINTEXT://0.0.0.0:{self.port},CONTROLLER://localhost:9093",
            "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{self.bootstrap}",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
            **{
                f"KAFKA_{name.upper().replace('.', '_')}": str(value)
                for name, value in TOPIC_SETTINGS.items()
            },
        }
        container = _published(KAFKA_IMAGE, self.port, self.port)
        for name, value in properties.items():
            container.with_env(name, value)
        return container


def _published(image: str, inside: int, outside: int) -> DockerContainer:
    """A container whose port is reached from this machine alone: testcontainers itself would open it to the network."""
    container = DockerContainer(image)
    container.ports[f"{inside}/tcp"] = (LOOPBACK, outside)  # type: ignore[assignment]  # as docker takes it
    return container


def _must_be_local() -> None:
    host = os.environ.get("DOCKER_HOST", "")
    if host and not host.startswith(("unix:", "npipe:")):
        raise UserError(
            f"PASS_TEST_SERVERS=containers needs a Docker engine of this machine; DOCKER_HOST is {host}.",
            "Unset DOCKER_HOST, or take PASS_TEST_SERVERS=local.",
        )


def _wait_for(container: DockerContainer, image: str, answers: Callable[[], bool]) -> None:
    """Raises UserError at once when the container has ended, else after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not answers():
        inside = container.get_wrapped_container()
        inside.reload()
        if inside.status in ("exited", "dead"):
            said = inside.logs(tail=20).decode(errors="replace").strip()
            raise UserError(f"The container of {image} ended while it was starting.", f"It said:\n{said}")
        if time.monotonic() > deadline:
            raise UserError(f"The container of {image} does not answer after {PATIENCE:.0f} s.")
        time.sleep(0.2)
