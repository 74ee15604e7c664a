"""A process that outlives the command that started it, found again by its pid and start time."""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM

import psutil  # type: ignore[import-untyped]

from local_platform.user_error import UserError

LOG_KEEPS_BYTES = 10 * 1024 * 1024
"""A log larger than this is set aside as `<name>.log.1` at the next start."""

SAME_START_SECONDS = 5.0
"""How far two readings of one process's start may lie apart when the system clock is corrected."""


GRACE_SECONDS = 2.0
"""How long the children of a stopped process may take to follow it."""


@dataclass(frozen=True)
class Daemon:
    """One named background process: its pid file and its log."""

    name: str
    pid_file: Path
    log: Path

    def process(self) -> psutil.Process | None:
        """The running process, or None: a reused pid and a zombie are not it."""
        try:
            noted = json.loads(self.pid_file.read_text())
            process = psutil.Process(noted["pid"])
            if abs(process.create_time() - noted["started"]) > SAME_START_SECONDS:
                return None
            return None if _is_dead(process) else process
        except (OSError, ValueError, KeyError, psutil.NoSuchProcess):
            return None

    def started_with(self) -> str | None:
        """The fingerprint of the command and settings that the last start was given."""
        try:
            return str(json.loads(self.pid_file.read_text())["fingerprint"])
        except (OSError, ValueError, KeyError):
            return None

    def start(self, command: Sequence[str], env: Mapping[str, str], directory: Path) -> psutil.Process:
        """Start it detached from the terminal, output to the log; `env` is the whole environment."""
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        self._make_room_in_log()
        with self.log.open("ab") as output:
            try:
                child = subprocess.Popen(
                    list(command),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=directory,
                    env=dict(env),
                    start_new_session=True,
                )
            except OSError as error:
                raise UserError(f"{self.name} cannot be started: {error}.") from error
        process = psutil.Process(child.pid)
        note = json.dumps(
            {"pid": child.pid, "started": process.create_time(), "fingerprint": fingerprint(command, env)}
        )
        partial = self.pid_file.with_suffix(".partial")
        partial.write_text(note)
        partial.replace(self.pid_file)
        child.returncode = 0  # its end is watched through psutil; silences "subprocess still running"
        return process

    def stop(self, signal: int = SIGTERM, patience: float = 15.0) -> bool:
        """Ask it to end, insist after `patience` seconds. True when it was running."""
        process = self.process()
        if process is None:
            self.pid_file.unlink(missing_ok=True)
            return False
        family = [process, *_children(process)]
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal)
        if not self.wait_until_gone(patience):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        _see_off(family)
        self.pid_file.unlink(missing_ok=True)
        return True

    def wait_until_gone(self, patience: float) -> bool:
        """Whether the process has ended within `patience` seconds."""
        deadline = time.monotonic() + patience
        while self.process() is not None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _make_room_in_log(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_KEEPS_BYTES:
            os.replace(self.log, self.log.with_suffix(".log.1"))


def fingerprint(command: Sequence[str], env: Mapping[str, str]) -> str:
    """Changes when the command or one of our own settings does; tells no secret."""
    settings = sorted((name, value) for name, value in env.items() if name.startswith("PASS_"))
    return hashlib.sha256(json.dumps([list(command), settings]).encode()).hexdigest()


def _is_dead(process: psutil.Process) -> bool:
    """Ended, even if nobody asked for its exit code yet; our own child is asked here."""
    if process.status() != psutil.STATUS_ZOMBIE:
        return False
    with suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)
    return True


def _see_off(family: Sequence[psutil.Process]) -> None:
    """Give each a moment to end by itself, then end it."""
    deadline = time.monotonic() + GRACE_SECONDS
    while left := [process for process in family if not _has_ended(process)]:
        if time.monotonic() > deadline:
            for process in left:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        time.sleep(0.02)


def _has_ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or _is_dead(process)
    except psutil.NoSuchProcess:
        return True


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []
