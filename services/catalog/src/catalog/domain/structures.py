"""What a structure may do here, by the status that identity publishes (domain.md §2.4)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from catalog.domain.facts import StructureStatus
from catalog.domain.refusals.venue import StructureNotOpen


class Ability(StrEnum):
    PREPARE = "PREPARE"
    """Create venues, offers and stocks, publish them and change them."""
    WITHDRAW = "WITHDRAW"
    """Unpublish offers and delete stocks."""


ABILITIES: Mapping[StructureStatus, frozenset[Ability]] = MappingProxyType(
    {
        StructureStatus.PENDING: frozenset(Ability),
        StructureStatus.VALIDATED: frozenset(Ability),
        StructureStatus.REJECTED: frozenset({Ability.WITHDRAW}),
        StructureStatus.CLOSED: frozenset({Ability.WITHDRAW}),
    }
)
"""A pending structure prepares everything; others see nothing of it before it is validated."""


def check_ability(status: StructureStatus, ability: Ability) -> StructureNotOpen | None:
    return None if ability in ABILITIES[status] else StructureNotOpen(status.value)
