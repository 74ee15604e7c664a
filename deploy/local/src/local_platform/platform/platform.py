"""One whole platform: its folder, its ports, its parts."""

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from local_platform.paths import SHARED_STATE
from local_platform.platform import own_secrets, processes
from local_platform.platform.external_servers import ExternalServers
from local_platform.platform.launch import Watch, launch, silence
from local_platform.servers import certificates
from local_platform.servers.parts import KafkaPart, Part, PostgresPart
from local_platform.servers.ports import LOOPBACK, Ports
from local_platform.user_error import UserError

INNER_TLS = "inner-tls"
"""A file that is there when the last start was with inner TLS, for the commands after it."""

KEPT_BY_RESET = {"kafka-jars", "gateway", "postgres-by-tls", "npm-cache", "bin", "ports.json", "install.lock"}
"""What was fetched, and the choice of ports: no state of the platform."""


@dataclass(frozen=True)
class Platform:
    """Several can run side by side: everything they differ in is here."""

    state: Path
    ports: Ports
    external: ExternalServers = field(default_factory=ExternalServers)
    durable: bool = True
    """False for tests: commits do not wait for the disk."""

    inner_tls: bool = False
    """Whether the parts speak by TLS, and know each other by certificates."""

    @classmethod
    def to_start(cls, *, inner_tls: bool = False) -> Self:
        """The developer's platform, as the environment says it should be."""
        ports, external = Ports.chosen(SHARED_STATE / "ports.json"), ExternalServers.by_environment()
        return cls(SHARED_STATE, ports, external, inner_tls=inner_tls)

    @classmethod
    def as_started(cls) -> Self:
        """The developer's platform, as the last `up` made it."""
        external = ExternalServers.saved(SHARED_STATE / "external_servers.json")
        inner_tls = (SHARED_STATE / INNER_TLS).exists()
        return cls(SHARED_STATE, Ports.chosen(SHARED_STATE / "ports.json"), external, inner_tls=inner_tls)

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        self.state.mkdir(parents=True, exist_ok=True)
        return own_secrets.ensure(self.state / "secrets.env")

    @cached_property
    def certificates(self) -> Path | None:
        """The folder of those of all parts, made or renewed now; None where they speak in clear."""
        if not self.inner_tls:
            return None
        self.state.mkdir(parents=True, exist_ok=True)
        folder = self.state / "certificates"
        certificates.renew(folder)
        return folder

    @cached_property
    def parts(self) -> Sequence[Part]:
        return processes.all_parts(
            self.state, self.ports, self.external, self.secrets, self.durable, self.certificates
        )

    @property
    def address(self) -> str:
        """The one address that is published: the door's."""
        return f"http://{LOOPBACK}:{self.ports['door']}"

    @property
    def url(self) -> str:
        """Where clients send their GraphQL requests."""
        return f"{self.address}/graphql"

    def part(self, name: str) -> Part:
        """One part by its name. Raises UserError with the names there are."""
        for part in self.parts:
            if part.name == name:
                return part
        names = ", ".join(part.name for part in self.parts)
        raise UserError(f"There is no part called {name}.", f"There are: {names}.")

    def away(self) -> Sequence[str]:
        """The processes that do not serve now, each with its reason."""
        with ThreadPoolExecutor(len(self.parts)) as pool:
            problems = list(pool.map(lambda part: part.problem(), self.parts))
        found = zip(self.parts, problems, strict=True)
        return [f"{part.name} ({problem})" for part, problem in found if problem is not None]

    def settings_of(self, context: str) -> Mapping[str, str]:
        """What a command of this context must find in its environment."""
        shared = processes.shared_settings(
            self.state, self.ports, self.external, self.secrets, self.certificates
        )
        return processes.settings_of(context, shared)

    def up(self, watch: Watch = silence) -> Sequence[str]:
        """Start what does not run, wait until all is ready; the names of what was started.

        Raises the first UserError once everything that could be started has been.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        self.ports.save(self.state / "ports.json")
        self.external.save(self.state / "external_servers.json")
        if self.inner_tls:
            (self.state / INNER_TLS).touch()
        else:
            (self.state / INNER_TLS).unlink(missing_ok=True)
        return launch(self.parts, watch)

    def down(self) -> Sequence[str]:
        """Stop every part, the servers after those that lean on them; the names of what was running."""
        servers = [part for part in self.parts if isinstance(part, PostgresPart | KafkaPart)]
        others = [part for part in self.parts if part not in servers]
        stopped: list[str] = []
        for wave in (others, servers):
            with ThreadPoolExecutor(max(1, len(wave))) as pool:
                running = pool.map(lambda part: part.stop(), wave)
                stopped += [part.name for part, was in zip(wave, running, strict=True) if was]
        return stopped

    def reset(self) -> None:
        """Stop everything and forget everything but what was fetched."""
        self.down()
        for entry in self.state.iterdir():
            if entry.name not in KEPT_BY_RESET:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
