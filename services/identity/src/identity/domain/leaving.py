"""Leaving of one's own accord, coming back, and when nothing personal of an account is kept any more.

Source: capabilities.md §1 (deactivate, reactivate, anonymise); M:core/users/constants.py and gdpr_api.py for the
delays, N:features/profile/pages/DeleteProfileReason for the reasons.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.dated import BEGINNING, DatedTable, row
from identity.domain.age import birthday_midnight, local_day, years_after
from identity.domain.refusals import TeamDoesNotLeave
from identity.domain.roles import STAFF, Role
from identity.domain.suspension import SuspensionReason, is_fraud


class DeactivationReason(StrEnum):
    """Why somebody says that they leave."""

    CHANGE_EMAIL = "change_email"
    NO_LONGER_USED = "no_longer_used"
    NO_MORE_CREDIT = "no_more_credit"
    DATA_DELETION = "data_deletion"
    HACKED_ACCOUNT = "hacked_account"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long what is kept: days to come back in, years of the other things."""

    comes_back_within: timedelta
    beneficiary_leaves_at_age: int
    unused_years: int
    credit_over_years: int
    fraud_years: int


KEEPING: DatedTable[Keeping] = DatedTable(
    name="how long an account is kept",
    keyed_by="date of the nightly run, and of the coming back",
    rows=(
        row(
            BEGINNING,
            Keeping(
                comes_back_within=timedelta(days=60),
                beneficiary_leaves_at_age=21,
                unused_years=3,
                credit_over_years=5,
                fraud_years=5,
            ),
            source="M:core/users/constants.py (60 days), gdpr_api.py (21 years; 3, 5 and 5 years)",
            note="earlier editions kept everything; nothing is made anonymous by the rules of a day that has passed",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """What is looked at before an account is made anonymous. Instants are aware; None where there is none."""

    roles: frozenset[Role]
    reason: SuspensionReason | None
    suspended_at: datetime | None
    last_seen_at: datetime
    birth_date: date | None
    is_beneficiary: bool
    credit_ends_at: datetime | None
    """The last end of the credits; None for one that never ends, or when there is none."""
    acts_for_others: bool
    """Attached, or about to be, to a structure that goes on."""
    zone: str


def check_deactivation(roles: frozenset[Role]) -> TeamDoesNotLeave | None:
    """May the holder of these roles leave by themselves?"""
    return TeamDoesNotLeave() if roles & STAFF else None


def comes_back_until(
    reason: SuspensionReason | None, suspended_at: datetime | None, now: datetime
) -> datetime | None:
    """The last instant at which somebody who left may come back by themselves; None: they may not, or not any more."""
    if reason is not SuspensionReason.UPON_USER_REQUEST or suspended_at is None:
        return None
    until = suspended_at + KEEPING.at(now).comes_back_within
    return until if now <= until else None


def is_over(account: KeptAccount, now: datetime) -> bool:
    """Is nothing personal of this account to be kept any longer?

    Who left, and may not come back any more: at once without a credit, else from the 21st birthday on. Whoever was
    not seen for three years: without a credit, or five years after its end. Never within five years of a fraud, nor
    while they act for a structure; never the team.
    """
    rule = KEEPING.at(now)
    if account.roles & STAFF or account.acts_for_others:
        return False
    if is_fraud(account.reason) and not _passed(account.suspended_at, rule.fraud_years, now, account.zone):
        return False
    if account.reason is SuspensionReason.UPON_USER_REQUEST:
        if comes_back_until(account.reason, account.suspended_at, now) is not None:
            return False
        return not account.is_beneficiary or _reached(account, rule.beneficiary_leaves_at_age, now)
    if not _passed(account.last_seen_at, rule.unused_years, now, account.zone):
        return False
    return not account.is_beneficiary or _passed(
        account.credit_ends_at, rule.credit_over_years, now, account.zone
    )


def _reached(account: KeptAccount, age: int, now: datetime) -> bool:
    return account.birth_date is not None and now >= birthday_midnight(account.birth_date, age, account.zone)


def _passed(instant: datetime | None, years: int, now: datetime, zone: str) -> bool:
    """More than so many years ago, by days of the calendar of `zone`; what never was, or never ends, is not."""
    return instant is not None and years_after(local_day(instant, zone), years) < local_day(now, zone)
