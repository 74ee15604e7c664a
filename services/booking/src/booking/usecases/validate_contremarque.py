"""Validate a contremarque at the Guichet: the booking is used, and will be reimbursed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.refusals import ContremarqueNotFound
from booking.domain.usage import UseRefusal, refuse_use
from booking.messages.booking import emit_moved
from booking.persistence import bookings, moves
from booking.persistence.records import BookingRecord
from booking.usecases.find_contremarque import Desk, find_contremarque
from chassis.sealed import Sealer

ValidateContremarqueRefusal = ContremarqueNotFound | UseRefusal


async def validate_contremarque(
    connection: AsyncConnection, sealer: Sealer, *, desk: Desk, code: str, now: datetime
) -> BookingRecord | ValidateContremarqueRefusal:
    """The used booking, or why it cannot be used now."""
    record = await find_contremarque(connection, code, desk, read=bookings.lock_by_token)
    if record is None:
        return ContremarqueNotFound()
    refusal = refuse_use(record.rules, now, record.timezone)
    if refusal is not None:
        return refusal
    await moves.use(connection, record, now)
    return (await emit_moved(connection, [record], "used", sealer))[0]
