"""The terminal: one rich console, and how user_error is told on it."""

import sys

from rich.console import Console
from rich.markup import escape

from local_platform.user_error import UserError, last_lines

console = Console(highlight=False)


def report(user_error: UserError) -> None:
    """The sentence, the remedy, and the end of the log it points to, on the error stream."""
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    errors.print(f"[bold red]✗[/] {escape(user_error.sentence)}")
    if user_error.remedy:
        errors.print(f"  {escape(user_error.remedy)}")
    if user_error.log is not None and (lines := last_lines(user_error.log, 15)):
        errors.print(f"[dim]── the end of {escape(str(user_error.log))}[/]")
        for line in lines:
            errors.print(f"[dim]{escape(line)}[/]")


def give_up(user_error: UserError) -> None:
    """Report and leave with exit code 1."""
    report(user_error)
    sys.exit(1)
