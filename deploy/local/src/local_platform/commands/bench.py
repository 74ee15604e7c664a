"""`./pass bench`"""

import os
from typing import Annotated

import typer

from local_platform.commands import DEVELOPING

PANEL = DEVELOPING
PASSES_ON = True


def command(
    rest: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Which measurement; they are listed when left out.")
    ] = None,
) -> None:
    """Measure: each script of tests/load, by its name; what follows goes to the script."""
    from local_platform.console import console
    from local_platform.places import PYTHON, ROOT
    from local_platform.trouble import Trouble

    scripts = {
        script.stem.removeprefix("bench_"): script
        for script in sorted((ROOT / "tests" / "load").glob("bench_*.py"))
    }
    if name is None:
        console.print("\n".join(f"./pass bench {each}" for each in scripts) or "There is none yet.")
        return
    if name not in scripts:
        raise Trouble(
            f"There is no measurement called {name}.", f"There are: {', '.join(scripts) or 'none yet'}."
        )
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), str(scripts[name]), *rest.args])  # noqa: S606
