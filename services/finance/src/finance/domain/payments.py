"""The payments of the years until 2021: their statuses, their way back, their names (domain.md §5.3, §5.4, §6.6)."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from finance.domain.refusals import MoveNotAllowed, PaymentsNotInMessage


class PaymentStatus(StrEnum):
    """Every status is kept with its date; the current one is the latest. SUCCESS is of 2018 only."""

    PENDING = "PENDING"
    NOT_PROCESSABLE = "NOT_PROCESSABLE"
    UNDER_REVIEW = "UNDER_REVIEW"
    SENT = "SENT"
    RETRY = "RETRY"
    BANNED = "BANNED"
    ERROR = "ERROR"
    SUCCESS = "SUCCESS"


class PaymentEvent(StrEnum):
    """What a run or the team does to a payment."""

    BANK_DETAILS_FOUND = "bank details found"
    MESSAGE_GENERATED = "message generated"
    MARKED_AS_SENT = "marked as sent"
    BANNED = "banned"
    SENT_BACK = "sent back"
    FAILED = "failed"


MISSING_DETAILS: Final = "IBAN et BIC manquants sur l'offreur"
"""Detail of a NOT_PROCESSABLE payment."""

MOVES: Final = {
    (PaymentStatus.NOT_PROCESSABLE, PaymentEvent.BANK_DETAILS_FOUND): PaymentStatus.RETRY,
    (PaymentStatus.PENDING, PaymentEvent.MESSAGE_GENERATED): PaymentStatus.UNDER_REVIEW,
    (PaymentStatus.RETRY, PaymentEvent.MESSAGE_GENERATED): PaymentStatus.UNDER_REVIEW,
    (PaymentStatus.ERROR, PaymentEvent.MESSAGE_GENERATED): PaymentStatus.UNDER_REVIEW,
    (PaymentStatus.UNDER_REVIEW, PaymentEvent.MARKED_AS_SENT): PaymentStatus.SENT,
    (PaymentStatus.UNDER_REVIEW, PaymentEvent.BANNED): PaymentStatus.BANNED,
    (PaymentStatus.SENT, PaymentEvent.BANNED): PaymentStatus.BANNED,
    (PaymentStatus.UNDER_REVIEW, PaymentEvent.SENT_BACK): PaymentStatus.RETRY,
    (PaymentStatus.SENT, PaymentEvent.SENT_BACK): PaymentStatus.RETRY,
    **{(status, PaymentEvent.FAILED): PaymentStatus.ERROR for status in PaymentStatus},
}

LABEL: Final = {
    PaymentStatus.PENDING: "Remboursement en cours",
    PaymentStatus.UNDER_REVIEW: "Remboursement en cours",
    PaymentStatus.ERROR: "Remboursement en cours",
    PaymentStatus.NOT_PROCESSABLE: "Remboursement impossible",
    PaymentStatus.SENT: "Remboursement envoyé",
    PaymentStatus.SUCCESS: "Remboursement envoyé",
    PaymentStatus.RETRY: "Remboursement à renvoyer",
    PaymentStatus.BANNED: "Remboursement rejeté",
}
"""What the place reads (domain.md §5.4)."""


def first_status(*, has_bank_details: bool) -> PaymentStatus:
    return PaymentStatus.PENDING if has_bank_details else PaymentStatus.NOT_PROCESSABLE


def move(status: PaymentStatus, event: PaymentEvent) -> PaymentStatus | MoveNotAllowed:
    """The status after `event`, or a refusal where the table has no such move."""
    after = MOVES.get((status, event))
    return MoveNotAllowed(state=status, event=event) if after is None else after


def status_label(status: PaymentStatus, detail: str = "") -> str:
    """What the place reads; a payment that is not processable says why."""
    label = LABEL[status]
    return f"{label} : {detail}" if status is PaymentStatus.NOT_PROCESSABLE and detail else label


def ban(
    message: Mapping[int, PaymentStatus], banned: Collection[int]
) -> dict[int, PaymentStatus] | PaymentsNotInMessage | MoveNotAllowed:
    """The message the bank sent back: the listed payments are banned, all others will be sent again.

    `message` gives the status of each payment of the message. An id of no payment in it: refused whole.
    """
    strangers = tuple(sorted(set(banned) - message.keys()))
    if strangers:
        return PaymentsNotInMessage(payment_ids=strangers)
    after: dict[int, PaymentStatus] = {}
    for payment_id, status in message.items():
        moved = move(status, PaymentEvent.BANNED if payment_id in banned else PaymentEvent.SENT_BACK)
        if isinstance(moved, MoveNotAllowed):
            return moved
        after[payment_id] = moved
    return after
