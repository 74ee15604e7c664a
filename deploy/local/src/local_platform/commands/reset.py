"""`./pass reset`"""

from typing import Annotated

import typer


def command(yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Stop the platform and forget everything: data, mails, keys, accounts. Downloads are kept."""
    from local_platform.console import console
    from local_platform.platform.platform import Platform

    platform = Platform.as_started()
    if not yes:
        typer.confirm(f"Forget everything that the platform in {platform.state} knows?", abort=True)
    with console.status("forgetting"):
        platform.reset()
    console.print("All is forgotten. ./pass up begins anew.")
