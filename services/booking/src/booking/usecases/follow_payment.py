"""What finance says of a booking's reimbursement: begun, it forbids undoing; paid, it ends the booking."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.booking import Status, Trigger, next_status
from booking.persistence import bookings, copies, moves
from booking.usecases.acting import MovedMeanwhile
from booking.usecases.announce import tell_moved
from chassis.sealed import Sealer


async def follow_payment(connection: AsyncConnection, sealer: Sealer, payment: Mapping[str, Any]) -> None:
    """Store the state of a payment; a used booking that is paid becomes reimbursed at the time of payment."""
    if not await copies.put_payment(connection, payment) or payment["status"] != "paid":
        return
    record = await bookings.by_id(connection, payment["booking_id"])
    paid_at = payment["paid_at"]
    if record is None or paid_at is None:
        return
    if next_status(Status(record.status), Trigger.REIMBURSE, paid_at) is not Status.REIMBURSED:
        return
    if not await moves.reimburse(connection, record, paid_at):
        raise MovedMeanwhile
    await tell_moved(connection, [record], "reimbursed", sealer)
