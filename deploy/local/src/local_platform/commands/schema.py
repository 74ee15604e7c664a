"""`./pass schema`"""

from typing import Annotated

import typer

from local_platform.commands import DEVELOPING

PANEL = DEVELOPING


def command(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when something is stale.")
    ] = False,
) -> None:
    """Write each service's schema into its contracts, and compose them into gateway/supergraph.graphql."""
    from local_platform import contracts
    from local_platform.console import console
    from local_platform.places import ROOT
    from local_platform.trouble import Trouble

    with console.status("printing and composing the schemas"):
        stale = contracts.stale_files() if check else contracts.write_all()
    for file in stale:
        console.print(f"{'stale' if check else 'written'}: {file.relative_to(ROOT)}")
    if check and stale:
        raise Trouble(
            "The committed schemas are not those of the code.", "Run ./pass schema and look at the change."
        )
    if not stale:
        console.print("The committed schemas are those of the code.")
