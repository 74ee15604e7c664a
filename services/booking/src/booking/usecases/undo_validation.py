"""Undo a validation at the Guichet, as long as no payment has begun."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.refusals import ContremarqueNotFound
from booking.domain.usage import refuse_undo
from booking.persistence import moves
from booking.persistence.bookings import BookingRecord
from booking.usecases.acting import MovedMeanwhile, once_on_booking
from booking.usecases.announce import tell_moved
from booking.usecases.find_contremarque import Desk, find_contremarque
from chassis.db import Database
from chassis.refusals import Refusal
from chassis.sealed import Sealer

OPERATION = "undoValidation"


async def undo_validation(
    database: Database, sealer: Sealer, *, desk: Desk, code: str, key: UUID
) -> BookingRecord | Refusal:
    """The booking, confirmed again, or why its validation stays."""

    async def undo(connection: AsyncConnection) -> BookingRecord | Refusal:
        record = await find_contremarque(connection, code, desk.structure_ids)
        if record is None:
            return ContremarqueNotFound()
        refusal = refuse_undo(record.rules)
        if refusal is not None:
            return refusal
        if not await moves.undo_use(connection, record):
            raise MovedMeanwhile
        return (await tell_moved(connection, [record], "validation_undone", sealer))[0]

    return await once_on_booking(
        database, actor=desk.person_id, key=key, operation=OPERATION, request={"code": code}, move=undo
    )
