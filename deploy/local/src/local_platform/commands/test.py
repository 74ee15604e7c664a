"""`./pass test`"""

import os
import subprocess
from typing import Annotated

import typer

# Tests of one folder share what hypothesis and the imports cost.
FAST = ("-m", "not servers and not platform and not clients", "-n", "auto", "--dist", "loadfile")
SERVED = ("-m", "servers or platform or clients")
"""Servers are one of each, for all: these tests come one after another."""


def command(
    rest: typer.Context,
    fast: Annotated[bool, typer.Option("--fast", help="Only what needs no server.")] = False,
) -> None:
    """Run the tests; what follows goes to pytest: a path, `-k name`, `-x` …"""
    from local_platform.paths import PYTHON, ROOT

    def pytest(*chosen: str) -> list[str]:
        return [str(PYTHON), "-m", "pytest", *chosen, *rest.args]

    os.chdir(ROOT)
    if fast or not all(word.startswith("--") for word in rest.args):
        os.execv(PYTHON, pytest(*(FAST if fast else ())))  # noqa: S606
    # All of them: those that need no server on every core first.
    codes = [subprocess.run(pytest(*chosen), check=False).returncode for chosen in (FAST, SERVED)]
    raise typer.Exit(max(codes))
