"""Who may see what: each answer is a fact about the viewer, never about what exists."""

from uuid import UUID

from chassis.auth import Principal
from chassis.graphql import ApiError, ErrorCode, Info, require, require_person
from identity.api.graphql.loaders import load_attachments_of_person, load_person
from identity.domain.attachments import Ability, abilities
from identity.domain.structures import releases_offers
from identity.persistence.records import StructureRecord

TEAM = "admin"


def is_team(principal: Principal | None) -> bool:
    return principal is not None and TEAM in principal.roles


async def acting(info: Info, *roles: str) -> Principal:
    """The signed-in person, who has one of `roles` (none: any), and may act at this moment.

    A token is good for 15 minutes after its person was suspended; here, where that is known at once, it
    is good for nothing any more. Raises ApiError UNAUTHENTICATED or FORBIDDEN.
    """
    principal = require(info, *roles) if roles else require_person(info)
    person = await load_person(info, principal.person_id)
    if person is not None and not person.is_active:
        raise ApiError(ErrorCode.FORBIDDEN, "Votre compte est suspendu.")
    return principal


def sees_person(principal: Principal | None, person_id: UUID) -> bool:
    """Oneself, and the team."""
    return principal is not None and (principal.person_id == person_id or is_team(principal))


async def works_for(info: Info, structure: StructureRecord) -> bool:
    """Has the viewer a validated attachment that lets them see the structure from inside?"""
    principal = info.context.principal
    if principal is None:
        return False
    own = await load_attachments_of_person(info, principal.person_id)
    return any(
        attachment.structure_id == structure.id
        and Ability.SEE_STRUCTURE in abilities(structure.status, attachment.status)
        for attachment in own
    )


async def sees_structure(info: Info, structure: StructureRecord) -> bool:
    """A validated structure is public; any other is for its people and the team."""
    return (
        releases_offers(structure.status)
        or is_team(info.context.principal)
        or await works_for(info, structure)
    )
