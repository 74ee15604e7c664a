"""What the messages of all topics have in common.

Tolerant: unknown fields are ignored, and what search can do without may be missing.
"""

from abc import abstractmethod
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from search.state.records import Record


class StateMessage(BaseModel):
    """The public state of one aggregate, and its version."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    topic: ClassVar[str]

    id: str = Field(min_length=1)
    version: int = Field(ge=0)

    @abstractmethod
    def record(self) -> Record:
        """What the replica keeps of it."""
