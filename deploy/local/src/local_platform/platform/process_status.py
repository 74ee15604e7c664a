"""How one part is doing, for `./pass status`."""

import time
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

from local_platform.servers.parts import Part


@dataclass(frozen=True)
class ProcessStatus:
    """One line of the status; texts are empty where the process does not run."""

    name: str
    where: str
    problem: str | None
    pid: str = ""
    age: str = ""
    bytes: int = 0

    @property
    def memory(self) -> str:
        return f"{self.bytes / 1e6:.0f} MB" if self.bytes else ""


def status_of(part: Part) -> ProcessStatus:
    """Look at one part now. Memory is its own share (PSS or USS) of itself and its children, in bytes."""
    process = part.daemon.process()
    problem = part.problem()
    if process is None:
        return ProcessStatus(part.name, part.where, problem or "not running")
    try:
        family = [process, *process.children(recursive=True)]
        held = sum(_own_bytes(member) for member in family)
        age = _for_people(time.time() - process.create_time())
    except psutil.NoSuchProcess:
        return ProcessStatus(part.name, part.where, "not running")
    return ProcessStatus(part.name, part.where, problem, str(process.pid), age, held)


def _own_bytes(process: psutil.Process) -> int:
    """Shared pages counted once: without that, PostgreSQL's children would each count all of it."""
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", 0) or full.uss)
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return 0


def _for_people(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
