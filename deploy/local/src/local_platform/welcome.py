"""What a person reads when everything is up."""

from collections.abc import Sequence

from rich.panel import Panel

from local_platform.console import console
from local_platform.platform import Platform


def settle_in(platform: Platform) -> None:
    """What a new platform needs to be looked at: the staff's accounts and a small demo set."""


def welcome(platform: Platform, started: Sequence[str]) -> None:
    """Where everything is, and what to try first."""
    console.print(Panel(platform.url, title="up", title_align="left"))
