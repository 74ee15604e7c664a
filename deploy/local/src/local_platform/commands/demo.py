"""`./pass demo`"""

from typing import Annotated

import typer


def command(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every request and answer.")] = False,
) -> None:
    """Play the whole story on the running platform: from a place's sign-up to its reimbursement.

    Can be repeated. Exits with 1 at the first thing that is not as told.
    """
    import time

    from local_platform.console import console
    from local_platform.demo.accounts import ensure_staff
    from local_platform.demo.story.narrator import Narrator
    from local_platform.demo.story.play import play
    from local_platform.platform.platform import Platform

    platform, begun = Platform.as_started(), time.monotonic()
    play(platform, ensure_staff(platform), Narrator(console, verbose, platform.away))
    console.print(f"\n[bold green]All as told[/] [dim]({time.monotonic() - begun:.0f} s)[/]")
