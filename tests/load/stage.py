"""The parts of the platform that a measurement needs, and no other, on ports of their own."""

import shutil
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import psutil

from chassis.at_rest import KeyRing
from local_platform.paths import SHARED_STATE
from local_platform.platform import processes
from local_platform.platform.launch import launch
from local_platform.platform.own_secrets import storage_key_of
from local_platform.platform.platform import Platform
from local_platform.servers import router_binary
from local_platform.servers.certificates import client_of
from local_platform.servers.door import door_part
from local_platform.servers.parts import Part, ProcessPart
from local_platform.servers.ports import Ports, free_ports
from local_platform.servers.router import gateway_part


@dataclass(frozen=True)
class Stage:
    platform: Platform

    def url(self, part: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.platform.ports[part]}/graphql"

    @property
    def scheme(self) -> str:
        return "https" if self.platform.inner_tls else "http"

    def shown_by(self, part: str) -> ssl.SSLContext | None:
        """How this part asks others; None where they speak in clear."""
        folder = self.platform.certificates
        return None if folder is None else client_of(folder, part)

    def broker(self, part: str) -> dict[str, Any]:
        """The arguments that every client of the broker begins with, as this part."""
        tls = self.shown_by(part)
        how = {} if tls is None else {"security_protocol": "SSL", "ssl_context": tls}
        return {"bootstrap_servers": self.platform.settings_of(part)["PASS_KAFKA"], **how}

    async def connect(self, context: str) -> asyncpg.Connection:
        """A connection to one context's database, as that context."""
        settings = self.platform.settings_of(context)
        address = settings[f"PASS_DATABASE_URL_{context.upper()}"].replace("+asyncpg", "")
        return await asyncpg.connect(address, ssl=self.shown_by(context))

    def key_ring(self, context: str) -> KeyRing:
        """What seals in that context's tables."""
        return KeyRing(context, self.platform.secrets[storage_key_of(context)])

    def pids(self, *parts: str) -> Mapping[str, int]:
        """The process of each part, found by the port it listens on."""
        by_port = {
            connection.laddr.port: connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN and connection.pid
        }
        return {part: by_port[self.platform.ports[part]] for part in parts}


@contextmanager
def stage(*parts: str, inner_tls: bool = False) -> Iterator[Stage]:
    """Start these parts in a folder of their own; stop them and forget it at the end."""
    state = Path(tempfile.mkdtemp(prefix="b-", dir=_scratch()))
    platform = Platform(state, Ports.free(), inner_tls=inner_tls)
    chosen = [_relaying_only(part) for part in platform.parts if part.name in parts]
    try:
        launch(chosen, lambda *_: None)
        yield Stage(platform)
    finally:
        for part in reversed(chosen):
            part.stop()
        shutil.rmtree(state, ignore_errors=True)


def _relaying_only(part: Part) -> Part:
    """A worker that relays and does nothing else: mails are another process in production."""
    if isinstance(part, ProcessPart) and part.name.endswith("-worker"):
        return replace(part, command=[*part.command[:-1], "relay"])
    return part


@contextmanager
def router(stage: Stage, name: str) -> Iterator[tuple[str, int] | None]:
    """URL and process of one router before the stage; None when its binary is not at hand."""
    binary = router_binary.find() if name == "hive-router" else None
    if name == "hive-router" and binary is None:
        yield None
        return
    (port,) = free_ports(1)
    ports = Ports({**stage.platform.ports.of, "gateway": port})
    certificates = stage.platform.certificates
    jwks_url = processes.jwks_url(stage.platform.ports, certificates)
    part: ProcessPart = gateway_part(stage.platform.state / name, ports, jwks_url, binary, certificates)
    part.start(lambda _: None)
    try:
        listening = next(
            connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
        )
        yield f"{stage.scheme}://127.0.0.1:{port}/graphql", int(listening or 0)
    finally:
        part.stop()


@contextmanager
def door(stage: Stage, gateway_url: str) -> Iterator[tuple[str, int]]:
    """URL and process of a door before this gateway."""
    (port,) = free_ports(1)
    gateway = urlsplit(gateway_url).port or 0
    ports = Ports({**stage.platform.ports.of, "gateway": gateway, "door": port})
    part = door_part(stage.platform.state / "door-beside", ports, stage.platform.certificates)
    part.start(lambda _: None)
    try:
        process = part.daemon.process()
        assert process is not None
        yield f"{part.where}/graphql", process.pid
    finally:
        part.stop()


def _scratch() -> Path:
    folder = SHARED_STATE / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
