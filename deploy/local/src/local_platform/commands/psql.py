"""`./pass psql`"""

import os
from typing import Annotated

import typer


def command(
    rest: typer.Context,
    context: Annotated[str, typer.Argument(help="identity, catalog, booking or finance.")],
) -> None:
    """Open psql on a context's database, as its own role; what follows goes to psql (`-c "…"`)."""
    from local_platform.platform.own_secrets import CONTEXTS
    from local_platform.platform.platform import Platform
    from local_platform.servers.parts import PostgresPart
    from local_platform.servers.postgres_access import binary
    from local_platform.user_error import UserError

    if context not in CONTEXTS:
        raise UserError(f"There is no context called {context}.", f"There are: {', '.join(CONTEXTS)}.")
    platform = Platform.as_started()
    settings = platform.settings_of(context)
    url = settings[f"PASS_DATABASE_URL_{context.upper()}"].replace("postgresql+asyncpg://", "postgresql://")
    part = platform.parts[0]
    if platform.inner_tls and isinstance(part, PostgresPart) and context in part.databases:
        url = part.server.dsn(context, context, part.databases[context])
    os.execv(binary("psql"), ["psql", url, *rest.args])  # noqa: S606
