"""Validate a contremarque at the Guichet: the booking is used, and will be reimbursed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.refusals import ContremarqueNotFound
from booking.domain.usage import refuse_use
from booking.persistence import moves
from booking.persistence.bookings import BookingRecord
from booking.usecases.acting import MovedMeanwhile, once_on_booking
from booking.usecases.announce import tell_moved
from booking.usecases.find_contremarque import Desk, find_contremarque
from chassis.db import Database
from chassis.refusals import Refusal
from chassis.sealed import Sealer

OPERATION = "validateContremarque"


async def validate_contremarque(
    database: Database, sealer: Sealer, *, desk: Desk, code: str, key: UUID, now: datetime
) -> BookingRecord | Refusal:
    """The used booking, or why it cannot be used now."""

    async def use(connection: AsyncConnection) -> BookingRecord | Refusal:
        record = await find_contremarque(connection, code, desk.structure_ids)
        if record is None:
            return ContremarqueNotFound()
        refusal = refuse_use(record.rules, now, record.timezone)
        if refusal is not None:
            return refusal
        if not await moves.use(connection, record, now):
            raise MovedMeanwhile
        return (await tell_moved(connection, [record], "used", sealer))[0]

    return await once_on_booking(
        database, actor=desk.person_id, key=key, operation=OPERATION, request={"code": code}, move=use
    )
