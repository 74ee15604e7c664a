"""Folders in memory, for what a test run makes a thousand times and keeps nowhere."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # folders in it have names of their own, and 0700
ROOM_BYTES = 2 * 1024**3
"""With less room than this, as in most containers, a folder on the disk must do."""

_PREFIX = "pass-tests-"


@contextmanager
def memory_folder(otherwise: Path, memory: Path = IN_MEMORY, room_bytes: int = ROOM_BYTES) -> Iterator[Path]:
    """A folder of this process in `memory`, gone afterwards; `otherwise` where there is no room for one.

    What a process that was killed left there is cleared away first: it would hold memory for ever.
    """
    try:
        _clear_away_the_dead(memory)
        has_room = shutil.disk_usage(memory).free >= room_bytes
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=memory)) if has_room else None
    except OSError:
        folder = None
    if folder is None:
        yield otherwise
        return
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_away_the_dead(memory: Path) -> None:
    for left in memory.glob(f"{_PREFIX}*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
