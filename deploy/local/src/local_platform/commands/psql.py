"""`./pass psql`"""

import os
from typing import Annotated

import typer

from local_platform.commands import LOOKING

PANEL = LOOKING
PASSES_ON = True


def command(
    rest: typer.Context,
    context: Annotated[str, typer.Argument(help="identity, catalog, booking or finance.")],
) -> None:
    """Open psql on a context's database, as its own role; what follows goes to psql (`-c "…"`)."""
    from local_platform.own_secrets import CONTEXTS
    from local_platform.platform import Platform
    from local_platform.servers.postgres_access import binary
    from local_platform.trouble import Trouble

    if context not in CONTEXTS:
        raise Trouble(f"There is no context called {context}.", f"There are: {', '.join(CONTEXTS)}.")
    settings = Platform.as_started().settings_of(context)
    url = settings[f"PASS_DATABASE_URL_{context.upper()}"].replace("postgresql+asyncpg://", "postgresql://")
    os.execv(binary("psql"), ["psql", url, *rest.args])  # noqa: S606
