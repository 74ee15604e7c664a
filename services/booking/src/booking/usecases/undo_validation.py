"""Undo a validation at the Guichet, until the fortnight is over or a payment has begun."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.refusals import ContremarqueNotFound
from booking.domain.usage import UndoRefusal, refuse_undo
from booking.messages.booking import emit_moved
from booking.persistence import bookings, moves
from booking.persistence.records import BookingRecord
from booking.usecases.find_contremarque import Desk, find_contremarque
from chassis.sealed import Sealer

UndoValidationRefusal = ContremarqueNotFound | UndoRefusal


async def undo_validation(
    connection: AsyncConnection, sealer: Sealer, *, desk: Desk, code: str, now: datetime
) -> BookingRecord | UndoValidationRefusal:
    """The booking, confirmed again, or why its validation stays."""
    found = await find_contremarque(connection, code, desk)
    record = None if found is None else await bookings.lock_alone(connection, found.id)
    if record is None:
        return ContremarqueNotFound()
    refusal = refuse_undo(record.rules, now)
    if refusal is not None:
        return refusal
    await moves.undo_use(connection, record)
    return (await emit_moved(connection, [record], "validation_undone", sealer))[0]
