"""Finding every dated table of every domain."""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from chassis.dated import DatedTable, Row
from local_platform.paths import ROOT

CONTEXTS = ("identity", "catalog", "booking", "finance")


@dataclass(frozen=True)
class Rule:
    """One dated table and where it stands."""

    context: str
    module: str
    """Dotted, below the context: `domain.bareme`."""
    attribute: str
    table: DatedTable[Any]

    def editions(self) -> Iterator[tuple[datetime, datetime | None, Row[Any]]]:
        return self.table.periods()


@cache
def all_rules() -> Sequence[Rule]:
    """Every table, by context and module; one that several modules import is listed where it is made."""
    found: dict[int, Rule] = {}
    for context in CONTEXTS:
        domain = importlib.import_module(f"{context}.domain")
        for info in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
            module = importlib.import_module(info.name)
            for attribute, value in vars(module).items():
                if isinstance(value, DatedTable) and _is_made_in(value, module.__file__):
                    short = info.name.removeprefix(f"{context}.")
                    found.setdefault(id(value), Rule(context, short, attribute, value))
    return tuple(found.values())


def _is_made_in(table: DatedTable[Any], file: str | None) -> bool:
    return any(row.location.rpartition(":")[0] == file for row in table.rows)


def place(row: Row[Any]) -> tuple[str, int]:
    """File below the repository and line of a row."""
    file, _, line = row.location.rpartition(":")
    return Path(file).resolve().relative_to(ROOT).as_posix(), int(line)
