"""`./pass schema`"""

from typing import Annotated

import typer


def command(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when something is stale.")
    ] = False,
) -> None:
    """Write each service's schema into its contracts, and compose them into gateway/{supergraph,api}.graphql."""
    from local_platform.checks import schema
    from local_platform.console import console
    from local_platform.paths import ROOT
    from local_platform.user_error import UserError

    with console.status("printing and composing the schemas"):
        stale = schema.stale_files() if check else schema.write_all()
    for file in stale:
        console.print(f"{'stale' if check else 'written'}: {file.relative_to(ROOT)}")
    if check and stale:
        raise UserError(
            "The committed schemas are not those of the code.", "Run ./pass schema and look at the change."
        )
    if not stale:
        console.print("The committed schemas are those of the code.")
