"""The roles a person holds, and those that exclude each other (domain.md §2.1)."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from identity.domain.attachments import AttachmentStatus, enters_portal, makes_pro
from identity.domain.factors import Method
from identity.domain.grants import Grant, GrantFamily, TopUpKind
from identity.domain.refusals import RoleForbidden
from identity.domain.structures import StructureStatus


class Role(StrEnum):
    BENEFICIARY = "beneficiary"
    UNDERAGE_BENEFICIARY = "underage_beneficiary"
    PRO = "pro"
    ADMIN = "admin"
    FINANCE = "finance"


STAFF = frozenset({Role.ADMIN, Role.FINANCE})

Attached = tuple[StructureStatus, AttachmentStatus]
"""State of a structure, and of a person's attachment to it."""


def roles_of(
    staff: frozenset[Role], grants: Iterable[Grant], attachments: Iterable[Attached]
) -> frozenset[Role]:
    """What a person is. An ex-beneficiary keeps the role: only the credit expires."""
    roles = set(staff)
    held = tuple(grants)
    if any(map(_is_adult, held)):
        roles.add(Role.BENEFICIARY)
    elif held:
        roles.add(Role.UNDERAGE_BENEFICIARY)
    if not staff and any(makes_pro(structure, attachment) for structure, attachment in attachments):
        roles.add(Role.PRO)
    return frozenset(roles)


def _is_adult(grant: Grant) -> bool:
    """Was it given, or completed, for the age of 18? A GRANT_17_18 opened at 17 is not until then."""
    return grant.family is GrantFamily.AGE_18 or TopUpKind.AGE_18 in grant.top_ups


def session_roles(held: frozenset[Role], attachments: Iterable[Attached]) -> frozenset[str]:
    """The role names an access token carries: the doors a person may open.

    An underage beneficiary books as any beneficiary does. A pro enters the portal as soon as one
    attachment is validated, though the structure still waits: its offers are held back, not the work.
    The team enters no portal, whatever it was attached to before.
    """
    names = {str(role) for role in held if role is not Role.UNDERAGE_BENEFICIARY}
    if Role.UNDERAGE_BENEFICIARY in held:
        names.add(Role.BENEFICIARY)
    if not held & STAFF and any(enters_portal(attachment) for _, attachment in attachments):
        names.add(Role.PRO)
    return frozenset(names)


def session_structures(held: frozenset[Role], attachments: Mapping[UUID, Attached]) -> list[UUID]:
    """The structures an access token names: those the person acts for, none for the team."""
    if held & STAFF:
        return []
    return [structure_id for structure_id, (_, status) in attachments.items() if enters_portal(status)]


def session_lifetime(held: frozenset[Role]) -> timedelta:
    """How long a session lasts however often it is refreshed: a working day for the team, half a year for others."""
    return timedelta(hours=12) if held & STAFF else timedelta(days=180)


def may_reset_password(held: frozenset[Role]) -> bool:
    """By a mailed link alone. The team has more to lose than a mailbox proves."""
    return not held & STAFF


def session_is_strong_enough(held: frozenset[Role], methods: frozenset[Method]) -> bool:
    """The team's sessions were opened with a second factor, or are none (OWASP ASVS V6.3.3)."""
    return not held & STAFF or Method.SEVERAL in methods


def check_may_be_beneficiary(held: frozenset[Role]) -> RoleForbidden | None:
    """An administrator is never a beneficiary; a pro of the right age may be."""
    return RoleForbidden() if held & STAFF else None
