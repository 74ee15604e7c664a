"""`./pass test`"""

import os
import subprocess
from typing import Annotated

import typer

# Tests of one file share what imports, servers and databases cost.
FAST = ("-m", "not servers and not platform and not clients", "-n", "auto", "--dist", "loadfile")
APART = ("-m", "not platform", "-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile")
"""Each of these workers has a PostgreSQL and a Kafka of its own."""
WHOLE = ("-m", "platform")
"""There is one platform, for all: these tests come one after another."""


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
    # All of them: those that need no platform on every core first.
    codes = [subprocess.run(pytest(*chosen), check=False).returncode for chosen in (APART, WHOLE)]
    raise typer.Exit(max(codes))
