"""TLS by a switch."""

import ssl
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from local_platform.servers import door
from local_platform.servers.ports import free_ports

from .doors import settings_of

pytestmark = pytest.mark.servers


def test_one_setting_puts_the_same_door_behind_tls(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    switched = {"PASS_DOOR_SITE": f"https://localhost:{port}", "PASS_DOOR_TLS": "internal"}
    with (tmp_path / "door.log").open("w") as log:
        running = subprocess.Popen(
            door.COMMAND, env=settings_of(tmp_path) | switched, cwd=door.SOURCE, stdout=log, stderr=log
        )
    try:
        authority = tmp_path / "caddy/pki/authorities/local/root.crt"
        _await(authority, running)
        context = ssl.create_default_context(cafile=str(authority))
        with httpx.Client(verify=context, transport=httpx.HTTPTransport(verify=context, retries=5)) as client:
            assert client.get(f"https://localhost:{port}/healthz").text == "ok"
            assert client.get(f"https://localhost:{port}/confirmation").status_code == 200
    finally:
        running.terminate()
        running.wait()


def _await(file: Path, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while not file.exists():
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
