"""Who may act for a structure, and on whose behalf a row is looked at."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence import structures
from chassis.auth import Principal


def acts_for(principal: Principal | None, structure_id: UUID) -> bool:
    """Admins act for every structure, pros for those named by their token."""
    if principal is None:
        return False
    return "admin" in principal.roles or (
        "pro" in principal.roles and structure_id in principal.structure_ids
    )


async def may_begin(connection: AsyncConnection, principal: Principal, structure_id: UUID) -> bool:
    """As `acts_for`; an admin's token proves nothing of an id, so the structure must then be known."""
    if "pro" in principal.roles and structure_id in principal.structure_ids:
        return True
    return (
        acts_for(principal, structure_id)
        and await structures.find_structure(connection, structure_id) is not None
    )
