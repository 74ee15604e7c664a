"""`./pass logs`"""

from typing import Annotated

import typer


def command(
    name: Annotated[
        str | None, typer.Argument(help="Which process (see ./pass status); all when left out.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on showing what is added.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines of each.")] = 0,
    trace: Annotated[
        str, typer.Option(help="Only what belongs to this trace: the traceId of an answer.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for a program.")] = False,
) -> None:
    """Show the end of a process's log, or of all of them in the order of time, in one shape."""
    from local_platform.platform import log_reader
    from local_platform.platform.follow import follow_files
    from local_platform.platform.platform import Platform
    from local_platform.user_error import last_lines

    platform = Platform.as_started()
    parts = [platform.part(name)] if name else platform.parts
    logs = {part.name: part.daemon.log for part in parts}
    width = max(map(len, logs))

    def show(line: log_reader.LogLine) -> None:
        if trace in line.trace_id:
            print(line.as_json() if as_json else line.for_people(width), flush=True)

    count = lines or (40 if name else 5)
    ends = {part: last_lines(log, 10_000 if trace else count) for part, log in logs.items()}
    for line in log_reader.read_all(ends):
        show(line)
    if follow:
        for part, text in follow_files(logs):
            show(log_reader.read(part, text))
