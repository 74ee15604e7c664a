"""A refusal is a value: why something the person asked for cannot be done.

Each context declares its closed set as frozen dataclasses deriving from `Refusal`. The
fields say what a person needs to know (how much is missing, until when it was possible);
`message` says it in French. The GraphQL layer exposes each class as a member of
`interface Refusal`, field for field.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Refusal(ABC):
    """Base of every expected "no". Subclasses are frozen dataclasses with a `code`."""

    code: ClassVar[str]
    """Stable machine name, UPPER_SNAKE, unique within the platform's closed set."""

    @property
    @abstractmethod
    def message(self) -> str:
        """One French sentence for the person."""
