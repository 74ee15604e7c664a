"""Whether a structure's people may enter bank details: identity's table of abilities says so and travels with it."""

from collections.abc import Collection

from finance.domain.refusals import StructureNotOpen

ENTER_BANK_DETAILS = "enter_bank_details"
"""Identity's name of the ability. What was entered before it ended is decided on, and paid to, all the same."""


def enters_bank_details(abilities: Collection[str] | None, status: str) -> bool:
    """As identity published it; before it published abilities (None), while neither rejected nor closed."""
    if abilities is None:
        return status in ("pending", "validated")
    return ENTER_BANK_DETAILS in abilities


def check_open(may_enter_bank_details: bool, status: str) -> StructureNotOpen | None:
    return None if may_enter_bank_details else StructureNotOpen(status)
