"""`./pass lint`"""

from typing import Annotated

import typer


def command(
    fix: Annotated[bool, typer.Option("--fix", help="Let ruff mend what it can.")] = False,
) -> None:
    """Check the style, the format, the types and the arrows between layers."""
    from local_platform.checks import lint
    from local_platform.console import console

    failed = lint.unclean(fix, lambda name: console.rule(name, align="left", style="dim"))
    if failed:
        console.print(f"[red]✗[/] not clean: {', '.join(failed)}")
        raise SystemExit(1)
