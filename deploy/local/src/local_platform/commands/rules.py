"""`./pass rules`"""

from typing import Annotated

import typer


def command(
    write: Annotated[bool, typer.Option("--write", help="Write docs/rules.md anew.")] = False,
) -> None:
    """Every dated rule of the platform, by name; --write renews the page that shows them all."""
    from local_platform.console import console
    from local_platform.rulebook.editions import all_rules
    from local_platform.rulebook.page import PAGE, render

    if write:
        PAGE.write_text(render(), encoding="utf-8")
        console.print(f"{PAGE.name} is as the tables say.")
        return
    for rule in all_rules():
        console.print(f"[dim]{rule.context:<9}[/] {rule.table.name} [dim]by {rule.table.keyed_by}[/]")
