"""requirements.in → requirements.lock: every package by version and SHA-256, no address of an index.

Twice: all that the project needs, and what of it the images of the services hold, in the same versions. And what
generates Python clients for the tests, which wants other versions.

`uv` resolves for all systems and Pythons at once, which pip cannot. The one on the PATH is used; where
there is none, pip fetches it into `.state` for this purpose alone.
"""

import os
import shutil
import subprocess
from pathlib import Path

from local_platform.paths import PYTHON, ROOT, SHARED_STATE
from local_platform.user_error import UserError

LOCK = ROOT / "requirements.lock"
OF_IMAGES = ROOT / "deploy/requirements.lock"
OF_CLIENTS = ROOT / "tests/clients/requirements.lock"


def write_lock() -> int:
    """Resolve and write; how many packages there are. Keeps the versions that still fit."""
    _resolve(LOCK)
    _resolve(OF_IMAGES, "--constraints", LOCK.name)
    _resolve(OF_CLIENTS)
    return sum("==" in line for line in LOCK.read_text().splitlines())


def _resolve(lock: Path, *more: str) -> None:
    asked, written = (str(file.relative_to(ROOT)) for file in (lock.with_suffix(".in"), lock))
    command = [_uv(), "pip", "compile", asked, "--output-file", written, "--quiet", *more]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    cache = {"UV_CACHE_DIR": str(SHARED_STATE / "uv-cache"), "UV_NO_PROGRESS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **cache}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        reason = done.stderr.strip()
        raise UserError(f"{asked} could not be resolved.", f"uv says:\n{reason}")


def _uv() -> str:
    if found := shutil.which("uv"):
        return found
    folder = SHARED_STATE / "uv"
    program = folder / "bin" / "uv"
    if not program.exists():
        fetch: list[str | Path] = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--target",
            folder,
            "uv",
        ]
        if subprocess.run(fetch, check=False).returncode != 0:
            raise UserError(
                "uv, which resolves the packages, could not be fetched.", "Install uv, or check the network."
            )
    return str(Path(program))
