"""What a place sees of a booking, and under which name (domain.md §4.6, §10.14)."""

from datetime import datetime
from enum import StrEnum

from booking.domain.booking import Booking, Status
from chassis.dated import BEGINNING, DatedTable, midnight, row

HIDDEN_TOKEN = "-"  # noqa: S105 - what stands in place of a hidden code


def token_shown_to_pro(booking: Booking, token: str) -> str:
    """Things wait to be presented: until then their code stays hidden, on screen and in exports.

    Events show it, so that a place can print its list.
    """
    waits = not booking.is_dated and booking.status in (Status.PENDING, Status.CONFIRMED)
    return HIDDEN_TOKEN if waits else token


class StateShown(StrEnum):
    """The state of a booking in the words of the pro portal."""

    BOOKED = "réservé"
    FIRM = "confirmé"
    VALIDATED = "validé"
    REIMBURSED = "remboursé"
    CANCELLED = "annulé"


def state_shown(booking: Booking, now: datetime) -> StateShown:
    """Firm bookings look different from those that can still be cancelled."""
    if booking.status is Status.CANCELLED:
        return StateShown.CANCELLED
    if booking.status is Status.REIMBURSED:
        return StateShown.REIMBURSED
    if booking.status is Status.USED:
        return StateShown.VALIDATED
    is_firm = booking.status is Status.CONFIRMED and booking.is_firm(now)
    return StateShown.FIRM if is_firm else StateShown.BOOKED


class BeneficiaryFact(StrEnum):
    """What a place learns of the person who booked."""

    PSEUDO = "pseudo"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"


BENEFICIARY_SHOWN: DatedTable[tuple[BeneficiaryFact, ...]] = DatedTable(
    "what a place sees of a beneficiary",
    keyed_by="date of the look",
    rows=(
        row(BEGINNING, (BeneficiaryFact.PSEUDO, BeneficiaryFact.EMAIL), source="domain.md §4.6; S0"),
        row(
            midnight("Europe/Paris", 2021, 1, 1),
            (BeneficiaryFact.NAME, BeneficiaryFact.EMAIL, BeneficiaryFact.PHONE),
            source="domain.md §4.6, §8 (A, S2)",
        ),
    ),
)
