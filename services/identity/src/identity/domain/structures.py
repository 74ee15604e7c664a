"""Life of a structure, and what each state lets its offers do (domain.md §2.6, §6.3)."""

from enum import StrEnum
from types import MappingProxyType

from identity.domain.refusals import StructureMoveRefused


class StructureStatus(StrEnum):
    PENDING = "pending"
    VALIDATED = "validated"
    REJECTED = "rejected"
    CLOSED = "closed"


class StructureEvent(StrEnum):
    VALIDATE = "validate"
    REJECT = "reject"
    CLOSE = "close"


MOVES = MappingProxyType(
    {
        (StructureStatus.PENDING, StructureEvent.VALIDATE): StructureStatus.VALIDATED,
        (StructureStatus.PENDING, StructureEvent.REJECT): StructureStatus.REJECTED,
        (StructureStatus.VALIDATED, StructureEvent.CLOSE): StructureStatus.CLOSED,
    }
)
"""Every allowed move; what is not here is refused."""


def move(status: StructureStatus, event: StructureEvent) -> StructureStatus | StructureMoveRefused:
    return MOVES.get((status, event)) or StructureMoveRefused(status, event)


def releases_offers(status: StructureStatus) -> bool:
    """May others see, find and book its offers? Before, they exist for its own people only."""
    return status is StructureStatus.VALIDATED
