"""`./pass demo`"""

from pathlib import Path
from typing import Annotated

import typer


def command(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every request and answer.")] = False,
    url: Annotated[
        str | None, typer.Option(help="The door of a platform elsewhere, which runs in development mode.")
    ] = None,
    mailpit: Annotated[str | None, typer.Option(help="With --url: where its mails are read.")] = None,
    staff: Annotated[
        Path | None,
        typer.Option(
            help='With --url: its accounts, {"admin": {"email": …, "password": …}, "finance": …}. What the codes of '
            "their second factors are computed from is kept there too."
        ),
    ] = None,
) -> None:
    """Play the whole story on the running platform: from a place's sign-up to its reimbursement.

    Can be repeated. Exits with 1 at the first thing that is not as told.
    """
    import time

    from local_platform.console import console
    from local_platform.demo.accounts import ensure_staff, register_factors
    from local_platform.demo.story.narrator import Narrator
    from local_platform.demo.story.play import play, play_at
    from local_platform.platform.platform import Platform
    from local_platform.servers.mail_reader import Mailpit
    from local_platform.user_error import UserError

    begun = time.monotonic()
    if url is None:
        platform = Platform.as_started()
        play(platform, ensure_staff(platform), Narrator(console, verbose, platform.away))
    elif mailpit is None or staff is None:
        raise UserError("--url needs --mailpit and --staff.", "deploy/README.md shows the whole command.")
    else:
        address = f"{url.rstrip('/').removesuffix('/graphql')}/graphql"
        play_at(address, Mailpit(mailpit), register_factors(address, staff), Narrator(console, verbose))
    console.print(f"\n[bold green]All as told[/] [dim]({time.monotonic() - begun:.0f} s)[/]")
