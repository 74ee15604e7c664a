"""What `./pass lint` holds: style, format, types, and the arrows between layers."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from local_platform.paths import PYTHON, ROOT


def unclean(fix: bool, begin: Callable[[str], None]) -> Sequence[str]:
    """Run every check, `begin` told of each; the names of those that complain. With `fix`, ruff mends what it can."""
    ruff: list[str | Path] = [PYTHON, "-m", "ruff"]
    checks: dict[str, list[str | Path]] = {
        "style": [*ruff, "check", ".", "pass", *(["--fix"] if fix else [])],
        "format": [*ruff, "format", *([] if fix else ["--check"]), ".", "pass"],
        "types": [PYTHON, "-m", "mypy", *_sources()],
        "arrows": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    }
    failed = []
    for name, check in checks.items():
        begin(name)
        if subprocess.run(check, cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    return failed


def _sources() -> list[Path]:
    """Every folder of our own code, tests left out."""
    return [*sorted(ROOT.glob("services/*/src")), ROOT / "deploy" / "local" / "src"]
