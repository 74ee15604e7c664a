"""Whether a structure's people may edit its catalogue: identity's table of abilities says so and travels with it."""

from collections.abc import Collection

from catalog.domain.facts import StructureStatus
from catalog.domain.refusals.venue import StructureNotOpen

EDIT_CATALOG = "edit_catalog"
"""Identity's name of the ability: to create, change and publish. Withdrawing needs none."""


def edits_catalog(abilities: Collection[str] | None, status: StructureStatus) -> bool:
    """As identity published it; before it published abilities (None), while neither rejected nor closed."""
    if abilities is None:
        return status in (StructureStatus.PENDING, StructureStatus.VALIDATED)
    return EDIT_CATALOG in abilities


def check_editable(may_edit: bool, status: StructureStatus) -> StructureNotOpen | None:
    return None if may_edit else StructureNotOpen(status.value)
