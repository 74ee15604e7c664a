"""Suspending an account, and giving it back (domain.md §2.1)."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from identity.domain.refusals import AlreadySuspended, DecidesForThemselves, NotSuspended
from identity.domain.separation import check_may_decide


class SuspensionReason(StrEnum):
    """Why an account sleeps; what follows for its bookings is booking's to know."""

    END_OF_CONTRACT = "end_of_contract"
    END_OF_ELIGIBILITY = "end_of_eligibility"
    FRAUD = "fraud"
    UPON_USER_REQUEST = "upon_user_request"


def check_suspension(
    is_active: bool, decider_id: UUID, concerned_ids: Iterable[UUID]
) -> AlreadySuspended | DecidesForThemselves | None:
    """Nobody suspends themselves: the last of the team would lock everybody out."""
    return check_may_decide(decider_id, concerned_ids) or (None if is_active else AlreadySuspended())


def check_reinstatement(
    is_active: bool, decider_id: UUID, concerned_ids: Iterable[UUID]
) -> NotSuspended | DecidesForThemselves | None:
    return check_may_decide(decider_id, concerned_ids) or (NotSuspended() if is_active else None)
