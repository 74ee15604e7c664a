"""`./pass test`"""

import os
from typing import Annotated

import typer


def command(
    rest: typer.Context,
    fast: Annotated[bool, typer.Option("--fast", help="Only what needs no server.")] = False,
) -> None:
    """Run the tests; what follows goes to pytest: a path, `-k name`, `-x` …"""
    from local_platform.paths import PYTHON, ROOT

    # Tests of one folder share what hypothesis and the imports cost; servers are one of each, for all.
    chosen = ["-m", "not servers and not platform", "-n", "auto", "--dist", "loadfile"] if fast else []
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "pytest", *chosen, *rest.args])  # noqa: S606
