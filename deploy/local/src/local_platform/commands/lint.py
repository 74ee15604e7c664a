"""`./pass lint`"""

from pathlib import Path
from typing import Annotated

import typer

from local_platform.commands import DEVELOPING

PANEL = DEVELOPING


def command(
    fix: Annotated[bool, typer.Option("--fix", help="Let ruff mend what it can.")] = False,
) -> None:
    """Check the style, the format, the types and the arrows between layers."""
    import subprocess

    from local_platform.console import console
    from local_platform.places import PYTHON, ROOT

    ruff: list[str | Path] = [PYTHON, "-m", "ruff"]
    checks: dict[str, list[str | Path]] = {
        "style": [*ruff, "check", ".", "pass", *(["--fix"] if fix else [])],
        "format": [*ruff, "format", *([] if fix else ["--check"]), ".", "pass"],
        "types": [PYTHON, "-m", "mypy", *_sources(ROOT)],
        "arrows": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    }
    failed = []
    for name, check in checks.items():
        console.rule(name, align="left", style="dim")
        if subprocess.run(check, cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    if failed:
        console.print(f"[red]✗[/] not clean: {', '.join(failed)}")
        raise SystemExit(1)


def _sources(root: Path) -> list[Path]:
    """Every folder of our own code, tests left out."""
    return [*sorted(root.glob("services/*/src")), root / "deploy" / "local" / "src"]
