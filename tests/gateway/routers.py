"""The two routers as processes, each started from the committed files by environment variables alone."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from local_platform.paths import ROOT, SHARED_STATE
from local_platform.servers import node
from local_platform.servers.ports import free_ports
from local_platform.servers.router import HIVE_ROUTER

PACKED_ROUTER = ROOT.parent / "shared" / "tools" / "hive_router-0.3.10-linux-x86_64.xz"
"""Where a workplace may keep the binary beside the repository."""

START_SECONDS = 60.0


def hive_router() -> Path | None:
    """Hive Router's program: `PASS_ROUTER`, the PATH, `.state/bin`, or unpacked from beside the repository."""
    wanted = os.environ.get("PASS_ROUTER", "")
    here = SHARED_STATE / "bin"
    found = shutil.which(wanted or "hive_router", path=f"{os.environ.get('PATH', '')}{os.pathsep}{here}")
    if found:
        return Path(found)
    if wanted or not PACKED_ROUTER.exists() or shutil.which("xz") is None:
        return None
    here.mkdir(parents=True, exist_ok=True)
    partial = here / f"hive_router.{os.getpid()}"
    with partial.open("wb") as output:
        subprocess.run(["xz", "-dc", PACKED_ROUTER], stdout=output, check=True)
    partial.chmod(0o755)
    return partial.replace(here / "hive_router")


def compose(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `compose.mjs`."""
    script = node.ensure_packages() / "compose.mjs"
    return subprocess.run([node.node(), script, *arguments], capture_output=True, text=True, check=False)


@contextmanager
def process(
    command: list[str | Path],
    port: int,
    environment: Mapping[str, str],
    directory: Path,
    log: Path,
    ready: str,
) -> Iterator[str]:
    """A server that answers on `ready`; yields its address, ends it afterwards. Raises AssertionError if not."""
    address = f"http://127.0.0.1:{port}"
    with log.open("ab") as output:
        running = subprocess.Popen(
            command, cwd=directory, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(address + ready):
            assert running.poll() is None, f"{command} ended: {log.read_text()[-3000:]}"
            assert time.monotonic() < deadline, f"{command} is not ready: {log.read_text()[-3000:]}"
            time.sleep(0.05)
        yield address
    finally:
        running.terminate()
        try:
            running.wait(5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def gateway(router: str, environment: Mapping[str, str], log: Path, port: int | None = None) -> Iterator[str]:
    """`hive-router` or `hive-gateway`, on any free port unless told; yields its GraphQL endpoint."""
    port = port or free_ports(1)[0]
    own = {"PASS_GATEWAY_PORT": str(port)}
    if router == "hive-router":
        binary = hive_router()
        assert binary is not None
        command: list[str | Path] = [binary]
        own |= HIVE_ROUTER
        directory = node.SOURCE
    else:
        directory = node.ensure_packages()
        command = [node.node(), directory / "server.mjs"]
    with process(command, port, {**own, **environment}, directory, log, "/readiness") as address:
        yield f"{address}/graphql"
