"""Separation of duties: who enters something never decides on it, and the team acts for nobody.

Source: ADR 0016; OWASP ASVS V4 (L2).
"""

from collections.abc import Iterable
from uuid import UUID

from identity.domain.refusals import DecidesForThemselves, StaffActsForNobody
from identity.domain.roles import STAFF, Role


def check_may_act_for_structures(held: frozenset[Role]) -> StaffActsForNobody | None:
    """The team validates structures, their accounts and what they are paid: it is never one of them."""
    return StaffActsForNobody() if held & STAFF else None


def check_may_decide(decider_id: UUID, concerned_ids: Iterable[UUID]) -> DecidesForThemselves | None:
    """`concerned_ids`: whoever asked for it, and whoever gains or loses by it."""
    return DecidesForThemselves() if decider_id in set(concerned_ids) else None
