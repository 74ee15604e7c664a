"""Mutation testing of the domains: are the tests able to notice that a rule has changed?

mutmut works in a folder of its own per context under the platform's state, and keeps its verdicts
there: an interrupted run goes on where it stopped, and only what changed is judged again. It forks
workers that have already imported the domain, so code that runs at import looks unkillable to it:
each survivor is tried once more in a fresh interpreter.
"""

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from local_platform.places import PYTHON, ROOT, SHARED_STATE
from local_platform.trouble import Trouble

CONTEXTS = ("identity", "catalog", "booking", "finance")
GOAL = 0.90

_CONFIGURATION = """\
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/{context}/domain/*"]
pytest_add_cli_args_test_selection = ["tests/domain"]
pytest_add_cli_args = ["-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
use_git_change_detection = false

[tool.pytest.ini_options]
pythonpath = ["src"]
"""
_PURE_CHASSIS = ("__init__.py", "dated.py", "refusals.py")
_SURVIVED, _UNTESTED = 0, 33


@dataclass(frozen=True)
class Survivor:
    """A change of the code that no test notices."""

    name: str
    """mutmut's: module, function, number."""
    change: str
    """The lines taken out and put in."""
    reason: str | None
    """Why it changes nothing that could be noticed; None: not explained, a hole in the tests."""


@dataclass(frozen=True)
class Score:
    context: str
    mutants: int
    survivors: Sequence[Survivor]

    @property
    def killed(self) -> float:
        return 1 - len(self.survivors) / self.mutants if self.mutants else 0.0


def run(context: str) -> Score:
    """Mutate one context's domain. Raises Trouble when the tests do not even pass unchanged."""
    workshop = _furnish(context)
    done = subprocess.run(
        [PYTHON.with_name("mutmut"), "run", "--max-children", str(os.cpu_count() or 2)],
        cwd=workshop,
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(f"mutmut could not judge {context}.", f"Do its tests pass? Look into {workshop}.")
    verdicts = dict(_verdicts(workshop))
    survived = [name for name, code in verdicts.items() if code in (_SURVIVED, _UNTESTED)]
    with ThreadPoolExecutor(os.cpu_count()) as tries:
        killed_cold = tries.map(lambda name: _is_killed_in_a_fresh_interpreter(workshop, name), survived)
        left = [name for name, killed in zip(survived, killed_cold, strict=True) if not killed]
    reasons = explained(context)
    return Score(context, len(verdicts), [_survivor(workshop, name, reasons) for name in left])


def explained(context: str) -> Mapping[str, str]:
    """Changes known to be equivalent, with the reason: `tests/domain/equivalent_mutants.toml`."""
    file = ROOT / "services" / context / "tests/domain/equivalent_mutants.toml"
    if not file.exists():
        return {}
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["mutant"]
    return {_key(entry["function"], entry["change"]): entry["reason"] for entry in entries}


def _furnish(context: str) -> Path:
    """The workshop with today's domain and tests; mutmut's verdicts of earlier runs stay."""
    workshop = SHARED_STATE / "mutation" / context
    service = ROOT / "services" / context
    for folder in ("src", "tests"):
        shutil.rmtree(workshop / folder, ignore_errors=True)
    package = workshop / "src" / context
    shutil.copytree(service / "src" / context / "domain", package / "domain")
    shutil.copy2(service / "src" / context / "__init__.py", package)
    shutil.copytree(service / "tests/domain", workshop / "tests/domain")
    chassis = workshop / "src/chassis"
    chassis.mkdir()
    for module in _PURE_CHASSIS:
        shutil.copy2(ROOT / "services/_chassis/src/chassis" / module, chassis)
    (workshop / "pyproject.toml").write_text(_CONFIGURATION.format(context=context))
    return workshop


def _verdicts(workshop: Path) -> Iterator[tuple[str, int | None]]:
    for meta in (workshop / "mutants/src").rglob("*.meta"):
        yield from json.loads(meta.read_text())["exit_code_by_key"].items()


def _is_killed_in_a_fresh_interpreter(workshop: Path, name: str) -> bool:
    mutants = workshop / "mutants"
    environment = {**os.environ, "MUTANT_UNDER_TEST": name, "PYTHONPATH": str(mutants / "src")}
    options = ["-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "tests/domain"]
    try:
        done = subprocess.run(
            [PYTHON, "-m", "pytest", *options],
            cwd=mutants,
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def _survivor(workshop: Path, name: str, reasons: Mapping[str, str]) -> Survivor:
    shown = subprocess.run(
        [PYTHON.with_name("mutmut"), "show", name], cwd=workshop, capture_output=True, text=True, check=True
    ).stdout
    lines = [line for line in shown.splitlines() if line[:1] in "+-" and not line.startswith(("---", "+++"))]
    change = "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines)
    return Survivor(name, change, reasons.get(_key(name.rpartition("__mutmut_")[0], change)))


def _key(function: str, change: str) -> str:
    return f"{function}\n{change.strip()}"
