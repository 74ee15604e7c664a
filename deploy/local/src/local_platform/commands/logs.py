"""`./pass logs`"""

from typing import Annotated

import typer


def command(
    name: Annotated[
        str | None, typer.Argument(help="Which process (see ./pass status); all when left out.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on showing what is added.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines.")] = 40,
) -> None:
    """Show the end of a process's log, or of all of them."""
    from local_platform.platform.follow import follow_files
    from local_platform.platform.platform import Platform
    from local_platform.user_error import last_lines

    platform = Platform.as_started()
    parts = [platform.part(name)] if name else platform.parts
    logs = {part.name: part.daemon.log for part in parts}
    width = max(map(len, logs)) if len(logs) > 1 else 0
    for part, log in logs.items():
        for line in last_lines(log, lines if name else 5):
            print(f"{part:<{width}} {line}" if width else line)
    if follow:
        for part, line in follow_files(logs):
            print(f"{part:<{width}} {line}" if width else line, flush=True)
