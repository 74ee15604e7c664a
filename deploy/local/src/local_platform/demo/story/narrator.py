"""Tells the story in the terminal, and stops it at the first thing that is not as told."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.syntax import Syntax

from local_platform.user_error import UserError


class NotAsTold(UserError):
    """The platform did something else than the story says."""


class Narrator:
    """One console; with `verbose` it shows every request and answer as well."""

    def __init__(
        self, console: Console, verbose: bool = False, away: Callable[[], Sequence[str]] = lambda: ()
    ) -> None:
        """`away` looks which processes do not serve now, each with its reason."""
        self._console = console
        self._away = away
        self._verbose = verbose
        self._chapter = 0
        self._waiting = False

    def chapter(self, title: str) -> None:
        self._chapter += 1
        self._console.print()
        self._console.print(Rule(f"[bold]{self._chapter}. {escape(title)}", align="left", style="cyan"))

    def says(self, sentence: str) -> None:
        """Something has happened as it should."""
        self._waiting = False
        self._console.print(f"[green]✓[/] {sentence}")

    def shows(self, text: str) -> None:
        """A detail worth seeing."""
        self._console.print(f"  [dim]{escape(text)}[/]")

    def expects(self, holds: bool, sentence: str, found: object = None) -> None:
        """Go on when it holds; else end the story with what was found instead."""
        if not holds:
            instead = f" Found: {found}" if found is not None else ""
            self.ends(f"{sentence}{instead}")

    def ends(self, what: str) -> NoReturn:
        """End the story; a process that is dead explains more than what was missed."""
        if away := self._away():
            raise NotAsTold(f"Not as told: {what} Away: {', '.join(away)}.", "./pass up brings it back.")
        raise NotAsTold(f"Not as told: {what}")

    def exchange(self, document: str, variables: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """One request and its answer, when asked to show them."""
        if not self._verbose:
            return
        self._code(document.strip(), "graphql")
        if shown := {name: value for name, value in variables.items() if name != "password"}:
            self._code(json.dumps(_without_secrets(shown), ensure_ascii=False, indent=2), "json")
        self._code(json.dumps(_without_secrets(answer), ensure_ascii=False, indent=2), "json", "on grey11")

    def waits(self, why: str) -> None:
        """The platform is down, or a part of it; said once for each such time."""
        if not self._waiting:
            away = f" ({escape(', '.join(found))})" if (found := self._away()) else ""
            self._console.print(f"[yellow]…[/] waiting: {escape(why)}{away}. ./pass up brings it back.")
        self._waiting = True

    def _code(self, text: str, language: str, style: str = "") -> None:
        self._console.print(Syntax(text, language, background_color="default", word_wrap=True), style=style)


_OF_THE_TEAM = frozenset({"challenge", "proof", "otpauthUri", "recoveryCodes"})
"""What they sign in with besides a password."""


def _without_secrets(value: Any) -> Any:
    """The same data with passwords and tokens covered."""
    if isinstance(value, Mapping):
        return {
            name: "…"
            if "password" in name.lower() or name.lower().endswith("token") or name in _OF_THE_TEAM
            else _without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return value
