"""The HTTP statuses by which the REST APIs answer (domain.md §4.1, §4.3, §4.4, §6.1)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from booking.domain import refusals
from chassis.dated import BEGINNING, DatedTable, midnight, row

Statuses = Mapping[type[refusals.BookingRefusal], int]


class Operation(StrEnum):
    """What a cash register asks for, with the status of success."""

    BOOK = "book"
    SHOW = "show"
    USE = "use"
    CANCEL = "cancel"
    KEEP = "keep"


SUCCESS: Mapping[Operation, int] = {
    Operation.BOOK: 201,
    Operation.SHOW: 200,
    Operation.USE: 204,
    Operation.CANCEL: 204,
    Operation.KEEP: 204,
}

_USE: Statuses = {
    refusals.ContremarqueNotFound: 404,
    refusals.StructureClosed: 403,
    refusals.ReimbursementStarted: 403,
    refusals.AlreadyUsed: 410,
    refusals.CancelledBooking: 403,
    refusals.NotConfirmedBySchool: 403,
    refusals.NotUsableYet: 403,
}

USE_STATUSES: DatedTable[Statuses] = DatedTable(
    "statuses of validating a contremarque",
    keyed_by="date of use",
    rows=(
        row(BEGINNING, {**_USE, refusals.CancelledBooking: 410}, source="domain.md §4.4 (A@2018)"),
        row(midnight("Europe/Paris", 2019, 1, 1), _USE, source="domain.md §4.4 (A)"),
    ),
)

_CANCEL: Statuses = {
    refusals.ContremarqueNotFound: 404,
    refusals.BookingNotFound: 404,
    refusals.AlreadyCancelled: 410,
    refusals.AlreadyUsed: 403,
    refusals.NotToBeCancelled: 403,
}

_KEEP: Statuses = {
    refusals.StructureClosed: 403,
    refusals.ContremarqueNotFound: 404,
    refusals.ActivationCodeGivenOut: 403,
    refusals.CancelledBooking: 403,
    refusals.ReimbursementStarted: 410,
    refusals.NotUsedYet: 410,
}


def status_of(refusal: refusals.BookingRefusal, operation: Operation, at: datetime) -> int:
    """The status of a refusal; 400 where the API has nothing more precise to say."""
    if operation in (Operation.USE, Operation.SHOW):
        return USE_STATUSES.at(at).get(type(refusal), 400)
    if operation is Operation.CANCEL:
        return _CANCEL.get(type(refusal), 400)
    if operation is Operation.KEEP:
        return _KEEP.get(type(refusal), 400)
    return 400
