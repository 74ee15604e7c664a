"""`./pass bench`"""

from typing import Annotated

import typer


def command(
    rest: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Which measurement; they are listed when left out.")
    ] = None,
) -> None:
    """Measure: each script of tests/load, by its name; what follows goes to the script."""
    from local_platform.checks import bench
    from local_platform.console import console

    if name is None:
        console.print("\n".join(f"./pass bench {each}" for each in bench.scripts()))
        return
    bench.become(name, rest.args)
