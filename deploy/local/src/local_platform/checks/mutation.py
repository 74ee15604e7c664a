"""Mutation testing of the domains: are the tests able to notice that a rule has changed?

mutmut works in a folder of its own per context under the platform's state. It forks workers that
have already imported the domain, so code that runs at import looks unkillable to it, and it does
not look again at a survivor when a test is added: whatever it did not kill is tried once more, by
all the tests of today, in a fresh interpreter.

Verdicts are kept: an interrupted run goes on where it stopped, and a mutant that was killed is
taken as killed until its function changes. A run `afresh` forgets them all.
"""

import fcntl
import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from local_platform.paths import PYTHON, ROOT, SHARED_STATE
from local_platform.user_error import UserError

CONTEXTS = ("identity", "catalog", "booking", "finance")
GOAL = 0.90

_PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "--hypothesis-profile=ci")
"""Hypothesis without deadline nor chance: neither a busy machine nor luck may kill a mutant."""

_CONFIGURATION = """\
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/{context}/domain/*"]
pytest_add_cli_args_test_selection = ["tests/domain"]
pytest_add_cli_args = {pytest}
timeout_multiplier = 5.0
use_git_change_detection = false

[tool.pytest.ini_options]
pythonpath = ["src"]
"""
_PURE_CHASSIS = ("__init__.py", "dated.py", "refusals.py")
_OF_MUTMUT = (".py", ".meta", ".spans")
"""What mutmut makes of each module: its mutants, their verdicts, where each of them stands."""

_KILLED, _CRASHED = 1, 3
"""mutmut's verdicts that need no second look; it keeps short time, which a busy machine exceeds as well."""

_ENDLESS_AFTER_SECONDS = 120


@dataclass(frozen=True)
class Survivor:
    """A change of the code that no test notices."""

    name: str
    """mutmut's: module, function, number."""
    change: str
    """The lines taken out and put in."""
    reason: str | None
    """Why it changes nothing that could be noticed; None: not explained, a hole in the tests."""

    @property
    def function(self) -> str:
        return self.name.rpartition("__mutmut_")[0]


@dataclass(frozen=True)
class Score:
    context: str
    mutants: int
    survivors: Sequence[Survivor]
    idle: Sequence[str]
    """Functions with a change that is explained and that does not survive, or is not made any more."""

    @property
    def killed(self) -> float:
        return 1 - len(self.survivors) / self.mutants if self.mutants else 0.0


def run(context: str, *, afresh: bool = False) -> Score:
    """Mutate one context's domain.

    Raises UserError when the tests do not even pass unchanged, or while another run is at it.
    """
    workshop = SHARED_STATE / "mutation" / context
    workshop.parent.mkdir(parents=True, exist_ok=True)
    with workshop.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"Another run is mutating {context}.", "Wait until it is over.") from None
        return _judge(workshop, context, afresh=afresh)


def _judge(workshop: Path, context: str, *, afresh: bool) -> Score:
    if afresh:
        shutil.rmtree(workshop, ignore_errors=True)
    _furnish(workshop, context)
    done = subprocess.run(
        [PYTHON.with_name("mutmut"), "run", "--max-children", str(os.cpu_count() or 2)],
        cwd=workshop,
        check=False,
    )
    if done.returncode != 0:
        raise UserError(f"mutmut could not judge {context}.", f"Do its tests pass? Look into {workshop}.")
    judged = {meta: _verdicts(meta) for meta in sorted((workshop / "mutants/src").rglob("*.meta"))}
    doubtful = [
        (meta, name)
        for meta, verdicts in judged.items()
        for name in verdicts
        if verdicts[name] not in (_KILLED, _CRASHED)
    ]
    reasons = explained(context)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        killed_now = pool.map(lambda entry: _is_killed_in_a_fresh_interpreter(workshop, entry[1]), doubtful)
        left = []
        for (meta, name), killed in zip(doubtful, killed_now, strict=True):
            if killed:
                _enter_killed(meta, name)
            else:
                left.append(name)
        survivors = list(pool.map(lambda name: _survivor(workshop, name, reasons), left))
    idle = set(reasons) - {_key(survivor.function, survivor.change) for survivor in survivors}
    return Score(
        context,
        mutants=sum(map(len, judged.values())),
        survivors=survivors,
        idle=sorted(key.partition("\n")[0] for key in idle),
    )


def explained(context: str) -> Mapping[str, str]:
    """Changes known to be equivalent, with the reason: `tests/domain/equivalent_mutants.toml`."""
    file = ROOT / "services" / context / "tests/domain/equivalent_mutants.toml"
    if not file.exists():
        return {}
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["mutant"]
    return {_key(entry["function"], entry["change"]): entry["reason"] for entry in entries}


def _furnish(workshop: Path, context: str) -> None:
    """Today's domain and tests, and nothing older but mutmut's verdicts."""
    service = ROOT / "services" / context
    for folder in ("src", "tests", "mutants/tests"):
        shutil.rmtree(workshop / folder, ignore_errors=True)
    package = workshop / "src" / context
    shutil.copytree(service / "src" / context / "domain", package / "domain")
    shutil.copy2(service / "src" / context / "__init__.py", package)
    shutil.copytree(service / "tests/domain", workshop / "tests/domain")
    chassis = workshop / "src/chassis"
    chassis.mkdir()
    for module in _PURE_CHASSIS:
        shutil.copy2(ROOT / "services/_chassis/src/chassis" / module, chassis)
    configuration = _CONFIGURATION.format(context=context, pytest=json.dumps(_PYTEST))
    (workshop / "pyproject.toml").write_text(configuration, encoding="utf-8")
    _take_away_what_is_gone(workshop / "src", workshop / "mutants/src")


def _take_away_what_is_gone(sources: Path, mutated: Path) -> None:
    """mutmut copies data files once and forgets no module: leave it what it made of today's modules."""
    for file in [path for path in mutated.rglob("*") if path.is_file()]:
        of_module = file.with_suffix("") if file.suffix in (".meta", ".spans") else file
        if file.suffix not in _OF_MUTMUT or not (sources / of_module.relative_to(mutated)).exists():
            file.unlink()


def _verdicts(meta: Path) -> Mapping[str, int | None]:
    found: Mapping[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def _enter_killed(meta: Path, name: str) -> None:
    """Write a verdict where mutmut keeps its own, so that the next run need not find it again."""
    entries = json.loads(meta.read_text(encoding="utf-8"))
    entries["exit_code_by_key"][name] = _KILLED
    meta.write_text(json.dumps(entries, indent=4), encoding="utf-8")


def _is_killed_in_a_fresh_interpreter(workshop: Path, name: str) -> bool:
    """Do all the tests together notice it? Those named after the module come first: likely enough."""
    mutants = workshop / "mutants"
    environment = {**os.environ, "MUTANT_UNDER_TEST": name, "PYTHONPATH": str(mutants / "src")}
    named_after_it = Path("tests/domain", f"test_{name.split('.')[-2]}.py")
    first = [str(named_after_it)] if (mutants / named_after_it).exists() else []
    try:
        done = subprocess.run(
            [PYTHON, "-m", "pytest", *_PYTEST, *first, "tests/domain"],
            cwd=mutants,
            env=environment,
            capture_output=True,
            timeout=_ENDLESS_AFTER_SECONDS,
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
    survivor = Survivor(name, change, reason=None)
    return replace(survivor, reason=reasons.get(_key(survivor.function, change)))


def _key(function: str, change: str) -> str:
    return f"{function}\n{change.strip()}"
