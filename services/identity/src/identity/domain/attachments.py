"""Life of an attachment (person ↔ structure), and what it lets the person see and do.

Source: domain.md §2.1, §2.6 ("before validation"), §6.3.
"""

from enum import StrEnum
from types import MappingProxyType

from identity.domain.refusals import AttachmentMoveRefused
from identity.domain.structures import StructureStatus


class AttachmentStatus(StrEnum):
    PENDING = "pending"
    VALIDATED = "validated"
    REJECTED = "rejected"


class AttachmentEvent(StrEnum):
    VALIDATE = "validate"
    REJECT = "reject"


class Ability(StrEnum):
    """What a person may do with one structure; to sign in needs no attachment at all."""

    SEE_STRUCTURE = "see_structure"
    EDIT_CATALOG = "edit_catalog"
    ENTER_BANK_DETAILS = "enter_bank_details"
    VALIDATE_CONTREMARQUES = "validate_contremarques"
    MANAGE_API_KEYS = "manage_api_keys"


MOVES = MappingProxyType(
    {
        (AttachmentStatus.PENDING, AttachmentEvent.VALIDATE): AttachmentStatus.VALIDATED,
        (AttachmentStatus.PENDING, AttachmentEvent.REJECT): AttachmentStatus.REJECTED,
        (AttachmentStatus.VALIDATED, AttachmentEvent.REJECT): AttachmentStatus.REJECTED,
    }
)
"""Every allowed move; a validated attachment is rejected when its structure is."""

_NOTHING: frozenset[Ability] = frozenset()
_EVERYTHING = frozenset(Ability)

ABILITIES = MappingProxyType(
    {
        StructureStatus.PENDING: _EVERYTHING,
        StructureStatus.VALIDATED: _EVERYTHING,
        StructureStatus.REJECTED: frozenset({Ability.SEE_STRUCTURE}),
        StructureStatus.CLOSED: frozenset({Ability.SEE_STRUCTURE}),
    }
)
"""By state of the structure, for a validated attachment. A pending structure prepares everything:
its offers are held back (`structures.releases_offers`), not its people's work. A closed one is looked
at, and does nothing: no venue, no account, no contremarque. This is the one table: it travels in
`identity.structure.v1` as `abilities`, for the contexts where those things are done."""


def move(status: AttachmentStatus, event: AttachmentEvent) -> AttachmentStatus | AttachmentMoveRefused:
    return MOVES.get((status, event)) or AttachmentMoveRefused(status, event)


def status_at_sign_up(siren_is_known: bool) -> AttachmentStatus:
    """The first of a SIREN is attached at once; a colleague waits, which is no error (§2.6, E78)."""
    return AttachmentStatus.PENDING if siren_is_known else AttachmentStatus.VALIDATED


def abilities(structure: StructureStatus, attachment: AttachmentStatus) -> frozenset[Ability]:
    """Nothing at all until the attachment is validated."""
    return ABILITIES[structure] if attachment is AttachmentStatus.VALIDATED else _NOTHING


def enters_portal(attachment: AttachmentStatus) -> bool:
    """Does this attachment open the pro portal? The structure itself may still be pending."""
    return attachment is AttachmentStatus.VALIDATED


def makes_pro(structure: StructureStatus, attachment: AttachmentStatus) -> bool:
    """The PRO role is for those whose structure **and** attachment are validated (§2.1)."""
    return structure is StructureStatus.VALIDATED and attachment is AttachmentStatus.VALIDATED
