"""The terminal: one rich console, and how trouble is told on it."""

import sys

from rich.console import Console
from rich.markup import escape

from local_platform.trouble import Trouble, last_lines

console = Console(highlight=False)


def report(trouble: Trouble) -> None:
    """The sentence, the remedy, and the end of the log it points to, on the error stream."""
    told = Console(stderr=True, highlight=False, soft_wrap=True)
    told.print(f"[bold red]✗[/] {escape(trouble.sentence)}")
    if trouble.remedy:
        told.print(f"  {escape(trouble.remedy)}")
    if trouble.log is not None and (lines := last_lines(trouble.log, 15)):
        told.print(f"[dim]── the end of {escape(str(trouble.log))}[/]")
        for line in lines:
            told.print(f"[dim]{escape(line)}[/]")


def give_up(trouble: Trouble) -> None:
    """Report and leave with exit code 1."""
    report(trouble)
    sys.exit(1)
