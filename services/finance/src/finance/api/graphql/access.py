"""Who sees what of finance: a structure its own money, the finance team everything, others nothing."""

from uuid import UUID

from chassis.auth import TEAM, Principal
from chassis.graphql import ApiError, ErrorCode, Info, require

FINANCE = "finance"
PRO = "pro"


def may_see(structure_id: UUID, principal: Principal | None) -> bool:
    """A pro of the structure, or the finance team."""
    if principal is None:
        return False
    return FINANCE in principal.roles or (PRO in principal.roles and structure_id in principal.structure_ids)


def sees_batches(principal: Principal | None) -> bool:
    """The finance team alone."""
    return principal is not None and FINANCE in principal.roles


def require_finance(info: Info) -> Principal:
    """Raises ApiError UNAUTHENTICATED or FORBIDDEN."""
    return require(info, FINANCE)


def require_sight_of(structure_id: UUID, info: Info) -> Principal:
    """Raises ApiError UNAUTHENTICATED, or FORBIDDEN for another structure's money."""
    principal = require(info, PRO, FINANCE)
    if not may_see(structure_id, principal):
        raise _another_structure()
    return principal


def require_pro_of(structure_id: UUID, info: Info) -> Principal:
    """A pro of this very structure; the team never acts for one. Raises ApiError UNAUTHENTICATED or FORBIDDEN."""
    principal = require(info, PRO)
    if structure_id not in principal.structure_ids:
        raise _another_structure()
    if not principal.roles.isdisjoint(TEAM):
        raise ApiError(ErrorCode.FORBIDDEN, "Un compte de l'équipe n'agit pas pour une structure.")
    return principal


def _another_structure() -> ApiError:
    return ApiError(ErrorCode.FORBIDDEN, "Cette structure n'est pas la vôtre.")
