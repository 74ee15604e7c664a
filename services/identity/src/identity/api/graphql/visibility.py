"""Who may see what: each answer is a fact about the viewer, never about what exists."""

from uuid import UUID

from chassis.auth import Principal
from chassis.graphql import Context
from identity.api.graphql import loaders
from identity.api.graphql.loaders import Row
from identity.domain.attachments import Ability, AttachmentStatus, abilities
from identity.domain.structures import StructureStatus, releases_offers

TEAM = "admin"


def is_team(principal: Principal | None) -> bool:
    return principal is not None and TEAM in principal.roles


def sees_person(principal: Principal | None, person_id: UUID) -> bool:
    """Oneself, and the team."""
    return principal is not None and (principal.person_id == person_id or is_team(principal))


async def works_for(context: Context, structure: Row) -> bool:
    """Has the viewer a validated attachment that lets them see the structure from inside?"""
    if context.principal is None:
        return False
    own = await loaders.attachments_of_person(context).load(context.principal.person_id)
    return any(
        attachment.structure_id == structure.id
        and Ability.SEE_STRUCTURE
        in abilities(StructureStatus(structure.status), AttachmentStatus(attachment.status))
        for attachment in own
    )


async def sees_structure(context: Context, structure: Row) -> bool:
    """A validated structure is public; any other is for its people and the team."""
    return (
        releases_offers(StructureStatus(structure.status))
        or is_team(context.principal)
        or await works_for(context, structure)
    )
