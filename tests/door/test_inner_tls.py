"""Behind the door TLS by a switch: it asks nobody who shows no certificate of ours, and shows its own."""

import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from signal import SIGUSR1

import httpx
import pytest
from cryptography import x509

from chassis.inner_tls import AUTHORITY, OWN
from local_platform.servers import door
from local_platform.servers.certificates import Authority, new_authority
from local_platform.servers.ports import free_ports

from .doors import settings_of

pytestmark = pytest.mark.servers

SOON = 60.0
"""Seconds after which what is waited for will not come any more."""

NOW = datetime.now(UTC)


def _write(
    folder: Path, name: str, signed_by: Authority, believed: Authority, host: str = "127.0.0.1"
) -> int:
    """A part's folder; the number of its certificate."""
    folder.mkdir(exist_ok=True)
    own = signed_by.certify(name, (name, host), NOW)
    partial = folder / "partial"
    partial.write_bytes(own)
    partial.replace(folder / OWN)
    (folder / AUTHORITY).write_bytes(believed.public)
    return x509.load_pem_x509_certificate(own).serial_number


@dataclass
class Gateway:
    """One behind the door that demands a certificate, and notes whose it was shown."""

    port: int = 0
    seen: list[tuple[str, int]] = field(default_factory=list)
    """Name and number, of each request."""


@contextmanager
def _gateway(folder: Path) -> Iterator[Gateway]:
    here = Gateway()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            assert isinstance(self.connection, ssl.SSLSocket)
            asker = x509.load_der_x509_certificate(self.connection.getpeercert(True) or b"")
            here.seen.append((asker.subject.rfc4514_string(), asker.serial_number))
            self.send_response(200)
            self.send_header("content-length", "0")
            # Each question on a connection of its own.
            self.send_header("connection", "close")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(folder / OWN)
    shown.load_verify_locations(folder / AUTHORITY)
    shown.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # Shaken hands in the thread of the connection: one that refuses must not keep the others waiting.
    server.socket = shown.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()


@contextmanager
def _door(folder: Path, gateway: Gateway) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    (port,) = free_ports(1)
    settings = {
        "PASS_DOOR_SITE": f"http://:{port}",
        "PASS_DOOR_GATEWAY": f"127.0.0.1:{gateway.port}",
        "PASS_DOOR_INNER_TLS": "on",
        "PASS_INNER_TLS": str(folder / "door"),
    }
    with (folder / "door.log").open("w") as log:
        running = subprocess.Popen(
            door.COMMAND, env=settings_of(folder) | settings, cwd=door.SOURCE, stdout=log, stderr=log
        )
    try:
        yield f"http://127.0.0.1:{port}", running
    finally:
        running.terminate()
        running.wait()


def _status(url: str, running: subprocess.Popen[bytes]) -> int:
    """What the door answers, once it answers."""
    deadline = time.monotonic() + SOON
    while True:
        try:
            return httpx.get(url, timeout=SOON).status_code
        except httpx.TransportError:
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_the_door_asks_by_tls_shows_its_certificate_and_a_renewed_one_when_told(tmp_path: Path) -> None:
    ours = new_authority(NOW)
    _write(tmp_path / "gateway", "gateway", ours, ours)
    before = _write(tmp_path / "door", "door", ours, ours)
    with _gateway(tmp_path / "gateway") as gateway, _door(tmp_path, gateway) as (address, running):
        deadline = time.monotonic() + SOON
        while _status(f"{address}/readyz", running) != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert set(gateway.seen) == {("CN=door", before)}

        after = _write(tmp_path / "door", "door", ours, ours)
        running.send_signal(SIGUSR1)
        while ("CN=door", after) not in gateway.seen:
            assert httpx.get(f"{address}/readyz", timeout=SOON).status_code == 200, "nobody is sent away"
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.parametrize("shows", ["a stranger's", "another name"])
def test_the_door_asks_nobody_who_shows_no_certificate_for_the_name_asked(tmp_path: Path, shows: str) -> None:
    ours, strangers = new_authority(NOW), new_authority(NOW)
    _write(tmp_path / "door", "door", ours, ours)
    if shows == "a stranger's":
        _write(tmp_path / "gateway", "gateway", strangers, ours)
    else:
        _write(tmp_path / "gateway", "gateway", ours, ours, host="127.0.0.2")
    with _gateway(tmp_path / "gateway") as gateway, _door(tmp_path, gateway) as (address, running):
        for _ in range(5):
            assert _status(f"{address}/readyz", running) == 503
        assert gateway.seen == []
