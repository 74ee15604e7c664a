"""The parts of a platform: what each is, what it needs, how it starts and when it is ready."""

import json
import os
import socket
import ssl
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from local_platform.paths import ROOT
from local_platform.servers.certificates import client_of
from local_platform.servers.daemon import Daemon, fingerprint
from local_platform.servers.kafka import LocalKafka
from local_platform.servers.ports import LOOPBACK, must_be_free
from local_platform.servers.postgres import LocalPostgres
from local_platform.user_error import UserError

Tell = Callable[[str], None]
"""Takes a few words on what a part is doing now."""

SILENT = "does not answer"

PATIENCE = 60.0
"""Seconds for a process to become ready."""


class Part(ABC):
    """One long-running process of the platform."""

    name: str
    where: str
    """Address for a person to read."""

    after: Sequence[str] = ()
    """Names of the parts that must be ready before it starts."""

    @property
    @abstractmethod
    def daemon(self) -> Daemon: ...

    @abstractmethod
    def start(self, tell: Tell) -> bool:
        """Start it unless it runs as it should, and wait until it is ready. True when it was started."""

    @abstractmethod
    def stop(self) -> bool:
        """Stop it; True when it was running."""

    @abstractmethod
    def problem(self) -> str | None:
        """Why it does not serve; None when it does."""


@dataclass
class PostgresPart(Part):
    """The database server, with a database and a role for each context."""

    server: LocalPostgres
    databases: Mapping[str, str]
    """Context → password of its role."""

    name: str = "postgres"

    def __post_init__(self) -> None:
        self.where = f"{LOOPBACK}:{self.server.port}"

    @property
    def daemon(self) -> Daemon:
        return self.server.daemon

    def start(self, tell: Tell) -> bool:
        tell("starting")
        started = self.server.start(PATIENCE)
        made = self.server.directory / "databases.made"
        wanted = " ".join(sorted(self.databases))
        if not made.exists() or made.read_text() != wanted:
            tell("making the databases")
            for context, password in self.databases.items():
                self.server.create_database(context, context, password)
            made.write_text(wanted)
        return started

    def stop(self) -> bool:
        return self.server.stop()

    def problem(self) -> str | None:
        if self.daemon.process() is None:
            return "not running"
        return None if self.server.answers() else SILENT


@dataclass
class KafkaPart(Part):
    """The broker."""

    server: LocalKafka
    name: str = "kafka"

    def __post_init__(self) -> None:
        self.where = self.server.bootstrap

    @property
    def daemon(self) -> Daemon:
        return self.server.daemon

    def start(self, tell: Tell) -> bool:
        def fetched(there: int, total: int) -> None:
            tell("starting" if there == total else f"fetching Apache Kafka: {there} of {total} jars")

        tell("starting")
        return self.server.start(PATIENCE, fetched)

    def stop(self) -> bool:
        return self.server.stop()

    def problem(self) -> str | None:
        if self.daemon.process() is None:
            return "not running"
        return None if self.server.answers() else SILENT


@dataclass
class ProcessPart(Part):
    """A process of ours, or the gateway: one command, its settings, a port, and a page that says "ready"."""

    name: str
    command: Sequence[str]
    settings: Mapping[str, str]
    port: int
    state: Path
    after: Sequence[str] = ()
    prepare: Callable[[Tell], None] = field(default=lambda tell: None)
    """What must be done before the command can run; may take long and say how far it is."""

    ready_path: str | None = "/readyz"
    """None: ready as soon as the port answers."""

    directory: Path = ROOT
    certificates: Path | None = None
    """Of all parts, where it listens with inner TLS: the operator's shows who asks whether it is ready."""

    def __post_init__(self) -> None:
        scheme = "http" if self.certificates is None else "https"
        self.where = (
            f"{LOOPBACK}:{self.port}" if self.ready_path is None else f"{scheme}://{LOOPBACK}:{self.port}"
        )

    @property
    def daemon(self) -> Daemon:
        return Daemon(
            self.name, self.state / "run" / f"{self.name}.json", self.state / "logs" / f"{self.name}.log"
        )

    @property
    def environment(self) -> dict[str, str]:
        return {**inherited_environment(), **self.settings}

    def start(self, tell: Tell) -> bool:
        is_same = self.daemon.started_with() == fingerprint(self.command, self.environment)
        if self.daemon.process() is not None and is_same and self._becomes_ready(tell):
            return False
        self.daemon.stop()
        self.prepare(tell)
        must_be_free(self.port, self.name)
        tell("starting")
        self.daemon.start(self.command, self.environment, self.directory)
        if not self._becomes_ready(tell):
            raise UserError(f"{self.name} ended while it was starting.", "Its log says why.", self.daemon.log)
        return True

    def stop(self) -> bool:
        return self.daemon.stop()

    def problem(self) -> str | None:
        if self.daemon.process() is None:
            return "not running"
        if self.ready_path is None:
            return port_problem(self.port)
        operator = None if self.certificates is None else client_of(self.certificates, "operator")
        return page_problem(f"{self.where}{self.ready_path}", operator)

    def _becomes_ready(self, tell: Tell) -> bool:
        """Wait until it is ready; False when it has ended instead."""
        deadline = time.monotonic() + PATIENCE
        while (problem := self.problem()) is not None:
            if self.daemon.process() is None:
                return False
            if time.monotonic() > deadline:
                raise UserError(
                    f"{self.name} is not ready after {PATIENCE:.0f} s: {problem}.",
                    "Its log may say why.",
                    self.daemon.log,
                )
            tell(f"starting: {problem}" if problem != SILENT else "starting")
            time.sleep(0.1)
        return True


def page_problem(url: str, tls: ssl.SSLContext | None = None) -> str | None:
    """Why this page does not say that all is well; None when it does. `tls`: who asks, where that matters."""
    try:
        with urllib.request.urlopen(url, timeout=3, context=tls) as answer:  # noqa: S310  # ours
            answer.read()
        return None
    except urllib.error.HTTPError as error:
        return _stated_problem(error)
    except (OSError, HTTPException):
        return SILENT


def port_problem(port: int) -> str | None:
    """Why nobody can connect to this port; None when one can."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
        return None
    except OSError:
        return SILENT


def inherited_environment() -> dict[str, str]:
    """The caller's environment, but for what is meant for the starter itself; small and unbuffered Python."""
    ours = ("PASS_KAFKA", "PASS_SMTP", "PASS_DATABASE_URL_", "PASS_ROUTER", "PASS_PORT_BASE", "PASS_TEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}


def _stated_problem(error: urllib.error.HTTPError) -> str:
    """A service that is not ready says what it waits for: `{"problems": {name: why}}`."""
    try:
        problems: dict[str, str] = json.load(error)["problems"]
        return ", ".join(f"{name} {why}" for name, why in problems.items())
    except (ValueError, KeyError, AttributeError):
        return f"answers {error.code}"
