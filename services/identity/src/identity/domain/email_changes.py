"""Changing the address of an account: asked by the password, agreed to in the old mailbox, proved in the new one.

Source: domain.md §2.7 (24 hours), capabilities.md §1 (five steps, cancelled, followed).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from identity.domain.refusals import EmailOfTheTeam, SameEmail
from identity.domain.roles import STAFF, Role

LIFETIME = timedelta(hours=24)
"""Of each step: for the old mailbox from the asking on, for the new one from when the old one has agreed."""


class EmailChangeStatus(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


def check_email_change(
    roles: frozenset[Role], email: str, new_email: str
) -> EmailOfTheTeam | SameEmail | None:
    """May this account move to that address, as far as it is its own affair? Both in their one form."""
    if roles & STAFF:
        return EmailOfTheTeam()
    return SameEmail() if email == new_email else None


def status_at(status: EmailChangeStatus, expires_at: datetime, now: datetime) -> EmailChangeStatus:
    """Where a change stands at `now`: what was not done in time has expired; at that very instant it still is good."""
    is_open = status in (EmailChangeStatus.ASKED, EmailChangeStatus.CONFIRMED)
    return EmailChangeStatus.EXPIRED if is_open and expires_at < now else status
