"""`./pass status`"""


def command() -> None:
    """Show each process: whether it runs and serves, where, since when, how much memory it holds.

    Exits with 1 when one of them does not serve.
    """
    from concurrent.futures import ThreadPoolExecutor

    from rich.table import Table

    from local_platform.console import console
    from local_platform.platform.platform import Platform
    from local_platform.platform.process_status import status_of

    platform = Platform.as_started()
    with ThreadPoolExecutor(len(platform.parts)) as pool:
        rows = list(pool.map(status_of, platform.parts))
    table = Table("", "process", "address", "pid", "up for", "memory", box=None, header_style="dim")
    for row in rows:
        mark = "[green]●[/]" if row.problem is None else "[red]●[/]"
        where = row.where if row.problem is None else f"[red]{row.problem}[/]"
        table.add_row(mark, row.name, where, row.pid, row.age, row.memory)
    console.print(table)
    console.print(f"[dim]{sum(row.bytes for row in rows) / 1e6:.0f} MB in all. State: {platform.state}[/]")
    if any(row.problem for row in rows):
        raise SystemExit(1)
