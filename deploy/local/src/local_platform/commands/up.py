"""`./pass up`"""

from typing import Annotated

import typer


def command(
    inner_tls: Annotated[
        bool, typer.Option("--inner-tls", help="As in production: parts speak by TLS and show who they are.")
    ] = False,
) -> None:
    """Start the platform: whatever does not run yet. Safe to repeat, and the cure after a crash."""
    from local_platform.console import console
    from local_platform.demo.welcome import settle_in, welcome
    from local_platform.platform.board import Board
    from local_platform.platform.platform import Platform

    platform = Platform.to_start(inner_tls=inner_tls)
    with Board([part.name for part in platform.parts], console) as board:
        started = platform.up(board.tell)
    accounts = settle_in(platform)
    welcome(platform, accounts, started)
