"""Where there is room in memory tests keep their databases there, and leave nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

from local_platform.servers.memory import memory_folder


def test_a_folder_in_memory_is_gone_afterwards(tmp_path: Path) -> None:
    with memory_folder(tmp_path / "disk", memory=tmp_path, room_bytes=0) as folder:
        assert folder.parent == tmp_path
        (folder / "data").write_text("much")
    assert not folder.exists()


def test_without_room_or_without_such_a_memory_it_is_on_the_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with memory_folder(disk, memory=tmp_path, room_bytes=1 << 62) as folder:
        assert folder == disk
    with memory_folder(disk, memory=tmp_path / "none") as folder:
        assert folder == disk


def test_what_the_dead_left_is_cleared_away_and_what_the_living_use_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead, alive, other = (
        tmp_path / name for name in (f"pass-tests-{ended.pid}-x", f"pass-tests-{os.getppid()}-x", "another")
    )
    for each in (dead, alive, other):
        each.mkdir()
    with memory_folder(tmp_path / "disk", memory=tmp_path, room_bytes=0):
        assert (dead.exists(), alive.exists(), other.exists()) == (False, True, True)
