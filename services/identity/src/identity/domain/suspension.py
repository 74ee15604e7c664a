"""Suspending an account, and giving it back (domain.md §2.1)."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from identity.domain.refusals import (
    AlreadySuspended,
    DecidesForThemselves,
    NotSuspended,
    ReasonNotOfTheTeam,
)
from identity.domain.separation import check_may_decide


class SuspensionReason(StrEnum):
    """Why an account sleeps; what follows for its bookings is booking's to know.

    Source: domain.md §2.1 for the four of 2021; M:core/users/constants.py for the others.
    """

    END_OF_CONTRACT = "end_of_contract"
    END_OF_ELIGIBILITY = "end_of_eligibility"
    CLOSED_STRUCTURE_DEFINITIVE = "closed_structure_definitive"
    CLOSED_STRUCTURE_TEMP = "closed_structure_temp"
    FRAUD = "fraud"
    FRAUD_BOOKING_CANCEL = "fraud_booking_cancel"
    FRAUD_CREATION_PRO = "fraud_creation_pro"
    FRAUD_DUPLICATE = "fraud_duplicate"
    FRAUD_FAKE_DOCUMENT = "fraud_fake_document"
    FRAUD_HACK = "fraud_hack"
    FRAUD_RESELL_PASS = "fraud_resell_pass"  # noqa: S105 - a reason, not a secret
    FRAUD_RESELL_PRODUCT = "fraud_resell_product"
    FRAUD_SUSPICION = "fraud_suspicion"
    FRAUD_USURPATION = "fraud_usurpation"
    FRAUD_USURPATION_PRO = "fraud_usurpation_pro"
    UPON_USER_REQUEST = "upon_user_request"
    SUSPICIOUS_LOGIN_REPORTED_BY_USER = "suspicious_login_reported_by_user"
    DELETED = "deleted"


_NOT_OF_THE_TEAM = frozenset({SuspensionReason.SUSPICIOUS_LOGIN_REPORTED_BY_USER, SuspensionReason.DELETED})


def is_fraud(reason: SuspensionReason | None) -> bool:
    """Did somebody cheat, or is it thought so?"""
    return reason is not None and reason.startswith("fraud")


def check_suspension(
    is_active: bool, reason: SuspensionReason, decider_id: UUID, concerned_ids: Iterable[UUID]
) -> AlreadySuspended | DecidesForThemselves | ReasonNotOfTheTeam | None:
    """Nobody suspends themselves here: the last of the team would lock everybody out."""
    if (own := check_may_decide(decider_id, concerned_ids)) is not None:
        return own
    if not is_active:
        return AlreadySuspended()
    return ReasonNotOfTheTeam() if reason in _NOT_OF_THE_TEAM else None


def check_reinstatement(
    is_active: bool, reason: SuspensionReason | None, decider_id: UUID, concerned_ids: Iterable[UUID]
) -> NotSuspended | DecidesForThemselves | None:
    """An account of which nothing personal is left is nobody's any more: it is not given back."""
    if (own := check_may_decide(decider_id, concerned_ids)) is not None:
        return own
    return NotSuspended() if is_active or reason is SuspensionReason.DELETED else None
