"""How tickets reach the beneficiary: *modalités de retrait* (domain.md §3.2, §8)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from catalog.domain.refusals.offer import (
    BookingContactRequired,
    WithdrawalDelayNotAllowed,
    WithdrawalDelayRequired,
    WithdrawalModeNotAllowed,
    WithdrawalRequired,
)
from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.mail_addresses import MailFlaw, read_mail_address
from chassis.text import one_line, several_lines

WithdrawalRefusal = (
    WithdrawalRequired
    | WithdrawalModeNotAllowed
    | WithdrawalDelayRequired
    | WithdrawalDelayNotAllowed
    | BookingContactRequired
)


class WithdrawalType(StrEnum):
    NO_TICKET = "NO_TICKET"
    BY_EMAIL = "BY_EMAIL"
    ON_SITE = "ON_SITE"
    IN_APP = "IN_APP"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """`delay_seconds` before the event; `details` is free text; `booking_contact` an e-mail."""

    type: WithdrawalType | None = None
    delay_seconds: int | None = None
    details: str | None = None
    booking_contact: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawalEdition:
    """Which modes exist, and for which sub-categories one must be chosen."""

    modes: frozenset[WithdrawalType]
    mandatory_for: frozenset[str]


_CONCERTS_AND_SHOWS = frozenset(
    {
        "CONCERT",
        "EVENEMENT_MUSIQUE",
        "FESTIVAL_ART_VISUEL",
        "FESTIVAL_MUSIQUE",
        "FESTIVAL_SPECTACLE",
        "SPECTACLE_REPRESENTATION",
    }
)

WITHDRAWALS = DatedTable(
    name="withdrawal modes",
    keyed_by="instant at which the offer is created",
    rows=(
        row(
            BEGINNING,
            WithdrawalEdition(frozenset(), frozenset()),
            source="A:core/offers/models.py; domain.md §3.2",
            note="free text only",
        ),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            WithdrawalEdition(frozenset(WithdrawalType), _CONCERTS_AND_SHOWS),
            source="M:core/offers; S3; domain.md §3.2, §8",
            note="the source gives the year only; FESTIVAL_ART_VISUEL can be chosen later only",
        ),
    ),
)

_WITH_TICKET = (WithdrawalType.BY_EMAIL, WithdrawalType.ON_SITE)


def check_withdrawal(
    subcategory_id: str, withdrawal: Withdrawal, created_at: datetime, *, by_ticketing_provider: bool = False
) -> WithdrawalRefusal | None:
    """First reason why these tickets cannot be withdrawn so.

    NO_TICKET takes no delay, BY_EMAIL and ON_SITE need one; where a mode is mandatory so is
    the booking contact; IN_APP belongs to offers of a ticketing provider.
    """
    edition = WITHDRAWALS.at(created_at)
    chosen = withdrawal.type
    if chosen is None:
        return WithdrawalRequired(subcategory_id) if subcategory_id in edition.mandatory_for else None
    if chosen not in edition.modes or (chosen is WithdrawalType.IN_APP and not by_ticketing_provider):
        return WithdrawalModeNotAllowed(chosen.value)
    if chosen is WithdrawalType.NO_TICKET and withdrawal.delay_seconds is not None:
        return WithdrawalDelayNotAllowed()
    if chosen in _WITH_TICKET and (withdrawal.delay_seconds is None or withdrawal.delay_seconds < 0):
        return WithdrawalDelayRequired(chosen.value)
    if subcategory_id in edition.mandatory_for and not _is_email(withdrawal.booking_contact):
        return BookingContactRequired()
    return None


def as_kept(typed: Withdrawal) -> Withdrawal:
    """The texts as they are kept; a contact that is no address stays as typed, for its rule to refuse."""
    address = read_mail_address(typed.booking_contact or "")
    contact = one_line(typed.booking_contact or "") if isinstance(address, MailFlaw) else address
    details = several_lines(typed.details or "")
    return replace(typed, details=details or None, booking_contact=contact or None)


def _is_email(text: str | None) -> bool:
    return not isinstance(read_mail_address(text or ""), MailFlaw)
