"""Where clients are built: folders with the API's schema and a generator, whose packages are fetched on first use.

Nobody needs them to run or change the platform: where they cannot be had, their tests are skipped and say why.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from local_platform.paths import PYTHON, SHARED_STATE
from local_platform.servers import node
from local_platform.servers.router import API
from local_platform.user_error import UserError

HERE = Path(__file__).parent
PACKAGES = node.Packages(HERE, SHARED_STATE / "clients")
PYTHON_LOCK = HERE / "requirements.lock"
PYTHON_PACKAGES = SHARED_STATE / "clients-python"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder with a copy of `tests/clients/<name>` and of the API's schema, as `api.graphql`."""

    folder: Path
    path: str

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a generator or a client in the folder; output and errors are one text."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PATH": self.path, "CI": "true", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def node_workshop(name: str, folder: Path) -> Workshop:
    """One that finds the programs of `package.json` and node on its path."""
    try:
        installed = node.ensure_packages(packages=PACKAGES)
    except UserError as away:
        pytest.skip(f"the npm packages of tests/clients cannot be had: {away}")
    _furnish(name, folder)
    (folder / "node_modules").symlink_to(installed / "node_modules")
    return Workshop(folder, _path(installed / "node_modules/.bin", node.node().parent))


def python_workshop(name: str, folder: Path) -> Workshop:
    """One that finds the programs of `requirements.lock` and their own `python` on its path."""
    if (why := _install_python()) is not None:
        pytest.skip(f"the packages of tests/clients/requirements.lock cannot be had: {why}")
    _furnish(name, folder)
    return Workshop(folder, _path(PYTHON_PACKAGES / "bin"))


def _furnish(name: str, folder: Path) -> None:
    shutil.copytree(HERE / name, folder, dirs_exist_ok=True)
    shutil.copyfile(API, folder / "api.graphql")


def _path(*first: Path) -> str:
    return os.pathsep.join([*map(str, first), os.environ.get("PATH", "")])


def _install_python() -> str | None:
    """Once for each edition of the lock; why not, when it cannot be done."""
    stamp = PYTHON_PACKAGES / "installed.sha256"
    wanted = hashlib.sha256(PYTHON_LOCK.read_bytes()).hexdigest()
    SHARED_STATE.mkdir(exist_ok=True)
    with PYTHON_PACKAGES.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return None
        pip = ["-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "--quiet"]
        for command in (
            [PYTHON, "-m", "venv", "--clear", PYTHON_PACKAGES],
            [PYTHON_PACKAGES / "bin/python", *pip, "-r", PYTHON_LOCK],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return done.stderr.strip()[-300:] or "no reason given"
        stamp.write_text(wanted)
    return None
