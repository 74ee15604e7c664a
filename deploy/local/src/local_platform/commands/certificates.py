"""`./pass certificates`"""

from pathlib import Path
from typing import Annotated

import typer


def command(
    folder: Annotated[Path, typer.Argument(help="Of all parts: one folder each is made in it.")],
    for_containers: Annotated[
        bool, typer.Option("--for-containers", help="Their users read what is mounted; nobody enters FOLDER.")
    ] = False,
) -> None:
    """Make the certificates that the parts show each other, and renew those that expire within 30 days.

    Safe to repeat: once a week, or more often. What runs takes what is new, as deploy/README.md tells.
    """
    from local_platform.console import console
    from local_platform.servers.certificates import renew

    made = renew(folder, readable=for_containers)
    console.print(f"made: {', '.join(made)}" if made else "None expires within 30 days.")
