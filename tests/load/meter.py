"""CPU by part of the platform, and a report that is printed and kept."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parents[2] / ".state" / "bench"


def cpu_seconds(pid: int) -> float:
    """CPU of a process and its children, living ones, in seconds."""
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                total += times.user + times.system
    return total


@contextmanager
def metered(pids: Mapping[str, int]) -> Any:
    """`with metered({...}) as used:` fills `used` with the CPU seconds each part has taken meanwhile."""
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    used: dict[str, float] = {}
    yield used
    used.update({name: cpu_seconds(pid) - before[name] for name, pid in pids.items()})


def publish(name: str, title: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print the table and keep it as `.state/bench/<name>-<time>.json`."""
    kept = list(rows)
    table = Table(*columns, title=title, title_justify="left")
    for row in kept:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    console = Console()
    Console(width=max(console.width, 150)).print(table)
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    file.write_text(json.dumps({"title": title, "rows": kept}, indent=2, ensure_ascii=False))
    console.print(f"[dim]kept in {file.relative_to(RESULTS.parents[1])}[/]")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}".replace(",", " ") if isinstance(value, float) else str(value)
