"""A booking and the table of every move it may make (domain.md §6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from booking.domain.subcategories import Subcategory
from chassis.dated import BEGINNING, DatedTable, midnight, row


class Status(StrEnum):
    """Where a booking is in its life."""

    PENDING = "PENDING"
    """A class booking that the head of school has not confirmed."""
    CONFIRMED = "CONFIRMED"
    USED = "USED"
    CANCELLED = "CANCELLED"
    REIMBURSED = "REIMBURSED"


class Trigger(StrEnum):
    """What may happen to a booking."""

    USE = "use"
    UNDO_USE = "undo use"
    CANCEL_BY_BENEFICIARY = "cancelled by the beneficiary"
    CANCEL_BY_PRO = "cancelled by the structure"
    CANCEL_BY_SUPPORT = "cancelled by the support team"
    STOCK_DELETED = "stock deleted"
    EXPIRE = "expired"
    FRAUD = "fraud"
    OFFER_REJECTED = "offer rejected"
    SCHOOL_CONFIRMS = "confirmed by the head of school"
    SCHOOL_REFUSES = "refused by the head of school"
    REIMBURSE = "reimbursed"
    PAYMENT_TAKEN_BACK = "payment taken back"
    RESTORE = "un-cancelled and used"
    FINANCE_INCIDENT = "finance incident"


class CancellationReason(StrEnum):
    """Why a booking was cancelled (domain.md §4.3)."""

    BENEFICIARY = "BENEFICIARY"
    OFFERER = "OFFERER"
    EXPIRED = "EXPIRED"
    FRAUD = "FRAUD"
    REFUSED_BY_INSTITUTE = "REFUSED_BY_INSTITUTE"
    FINANCE_INCIDENT = "FINANCE_INCIDENT"
    BACKOFFICE = "BACKOFFICE"


Moves = Mapping[tuple[Status, Trigger], Status]

_FIRST_MOVES: Moves = {
    (Status.PENDING, Trigger.SCHOOL_CONFIRMS): Status.CONFIRMED,
    (Status.PENDING, Trigger.SCHOOL_REFUSES): Status.CANCELLED,
    (Status.PENDING, Trigger.CANCEL_BY_PRO): Status.CANCELLED,
    (Status.PENDING, Trigger.STOCK_DELETED): Status.CANCELLED,
    (Status.PENDING, Trigger.EXPIRE): Status.CANCELLED,
    (Status.PENDING, Trigger.FRAUD): Status.CANCELLED,
    (Status.PENDING, Trigger.OFFER_REJECTED): Status.CANCELLED,
    (Status.CONFIRMED, Trigger.USE): Status.USED,
    (Status.CONFIRMED, Trigger.CANCEL_BY_BENEFICIARY): Status.CANCELLED,
    (Status.CONFIRMED, Trigger.CANCEL_BY_PRO): Status.CANCELLED,
    (Status.CONFIRMED, Trigger.CANCEL_BY_SUPPORT): Status.CANCELLED,
    (Status.CONFIRMED, Trigger.STOCK_DELETED): Status.CANCELLED,
    (Status.CONFIRMED, Trigger.EXPIRE): Status.CANCELLED,
    (Status.CONFIRMED, Trigger.FRAUD): Status.CANCELLED,
    (Status.CONFIRMED, Trigger.OFFER_REJECTED): Status.CANCELLED,
    (Status.USED, Trigger.UNDO_USE): Status.CONFIRMED,
    (Status.USED, Trigger.CANCEL_BY_SUPPORT): Status.CANCELLED,
    (Status.USED, Trigger.REIMBURSE): Status.REIMBURSED,
    (Status.CANCELLED, Trigger.RESTORE): Status.USED,
}

MOVES: DatedTable[Moves] = DatedTable(
    "allowed moves of a booking",
    keyed_by="date of the move",
    rows=(
        row(BEGINNING, _FIRST_MOVES, source="domain.md §6.1 (A)"),
        row(
            midnight("Europe/Paris", 2023, 1, 1),
            {
                **_FIRST_MOVES,
                (Status.USED, Trigger.STOCK_DELETED): Status.CANCELLED,
                (Status.USED, Trigger.OFFER_REJECTED): Status.CANCELLED,
                (Status.USED, Trigger.FINANCE_INCIDENT): Status.CANCELLED,
                (Status.REIMBURSED, Trigger.FINANCE_INCIDENT): Status.CANCELLED,
                (Status.REIMBURSED, Trigger.PAYMENT_TAKEN_BACK): Status.USED,
            },
            source="domain.md §3.3, §4.3, §6.1 (M, 2023+)",
            note="deleting a stock and rejecting an offer reach used bookings, a finance incident even reimbursed "
            "ones; decided here: what finance takes back it may pay again",
        ),
    ),
)


def next_status(status: Status, trigger: Trigger, at: datetime) -> Status | None:
    """Where the move leads, or None when the table of that day does not allow it."""
    return MOVES.at(at).get((status, trigger))


@dataclass(frozen=True, slots=True)
class Booking:
    """What the rules look at once a booking exists; instants are aware.

    `cancellation_limit_at`: first instant at which the booking is firm, None when it never is.
    """

    person_id: UUID
    status: Status
    subcategory: Subcategory
    created_at: datetime
    starts_at: datetime | None = None
    used_at: datetime | None = None
    cancellation_limit_at: datetime | None = None
    has_payment: bool = False
    has_activation_code: bool = False
    structure_is_closed: bool = False
    timezone: str = "Europe/Paris"
    """The venue's."""

    @property
    def is_dated(self) -> bool:
        return self.starts_at is not None

    @property
    def was_used(self) -> bool:
        return self.status in (Status.USED, Status.REIMBURSED)

    def is_firm(self, now: datetime) -> bool:
        """Whether the limit has passed; the limit itself is firm (`≤`, domain.md §4.3)."""
        return self.cancellation_limit_at is not None and self.cancellation_limit_at <= now
