"""The story that `./pass demo` plays, heard from beginning to end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, NamedTuple

from rich.console import Console

from local_platform.demo.accounts import ensure_staff
from local_platform.demo.story.narrator import Narrator
from local_platform.demo.story.play import play
from local_platform.platform.platform import Platform


class Exchange(NamedTuple):
    """One request and its answer."""

    document: str
    variables: Mapping[str, Any]
    answer: Mapping[str, Any]


class Witness(Narrator):
    """Keeps every exchange, and prints the story where pytest shows it when a test fails."""

    def __init__(self) -> None:
        super().__init__(Console(file=StringIO(), width=120))
        self.exchanges: list[Exchange] = []

    def exchange(self, document: str, variables: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self.exchanges.append(Exchange(document, dict(variables), answer))

    @property
    def text(self) -> str:
        """The story as it would stand in the terminal."""
        file = self._console.file
        assert isinstance(file, StringIO)
        return file.getvalue()


@dataclass(frozen=True)
class Performance:
    """One performance that went as told."""

    witness: Witness
    text: str

    def asked(self, field: str) -> Sequence[Mapping[str, Any]]:
        """The variables of each time this root field was asked for and gave something, in order."""
        return [
            exchange.variables for exchange in self.witness.exchanges if _gave(exchange, field) is not None
        ]

    def gave(self, field: str) -> Sequence[Any]:
        """What this root field gave each time; refusals are left out."""
        answers = (_gave(exchange, field) for exchange in self.witness.exchanges)
        return [answer for answer in answers if answer is not None]


def perform(platform: Platform, url: str) -> Performance:
    """Play the whole story through the gateway at `url`. Raises UserError when it is not as told."""
    witness = Witness()
    try:
        play(platform, ensure_staff(platform), witness, url)
    finally:
        print(witness.text)
    return Performance(witness, witness.text)


def _gave(exchange: Exchange, field: str) -> Any:
    found = (exchange.answer.get("data") or {}).get(field)
    refused = isinstance(found, Mapping) and "code" in found
    return None if refused else found
