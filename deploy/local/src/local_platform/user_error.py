"""What a person is told when something cannot go on."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class UserError(Exception):
    """One clear sentence, what to do about it, and where the details are."""

    sentence: str
    remedy: str = ""
    log: Path | None = field(default=None)

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


def last_lines(log: Path, count: int = 20) -> list[str]:
    """The end of a log file; empty when there is none. Reads at most 64 KiB."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 65_536))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    return text.splitlines()[-count:]
