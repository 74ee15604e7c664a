"""`./pass router`"""

from pathlib import Path
from typing import Annotated

import typer


def command(
    take: Annotated[
        Path | None,
        typer.Option(help="Hive Router's binary, plain or .xz: put it where ./pass up finds it."),
    ] = None,
) -> None:
    """Say which of the two gateways ./pass up takes; with --take, give it Hive Router."""
    from local_platform.console import console
    from local_platform.servers import router_binary

    if take is not None:
        router_binary.take(take)
    binary = router_binary.find()
    console.print(f"Hive Router: {binary}" if binary else "Hive Gateway, on Node: no Hive Router was found.")
