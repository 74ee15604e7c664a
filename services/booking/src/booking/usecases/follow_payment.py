"""What finance says of a booking's reimbursement: begun, it forbids undoing; paid, it ends the booking."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.booking import Status, Trigger, next_status
from booking.domain.fortnights import is_paid_by
from booking.messages.booking import emit_moved
from booking.persistence import bookings, copies, moves
from booking.persistence.records import BookingRecord, PaymentCopy
from chassis.sealed import Sealer


async def follow_payment(
    connection: AsyncConnection, sealer: Sealer, payment: PaymentCopy, now: datetime
) -> None:
    """Store the state of a payment; a used booking that is paid becomes reimbursed at the time of payment.

    Not when it was used again since: the payment is for a use that was undone. Where the hour cannot tell
    the two uses apart, finance's word does: a reimbursed booking of which no payment holds is used again,
    and is paid by a later close.
    The booking is locked first: whoever is undoing it meanwhile either was done before, or sees the payment.
    """
    record = await bookings.lock_alone(connection, payment.booking_id)
    is_news = await copies.keep_payment(connection, payment)
    if not is_news or record is None:
        return
    if payment.status == "paid":
        await _reimburse(connection, sealer, record, payment)
    elif payment.status == "cancelled":
        await _take_back(connection, sealer, record, now)


async def _reimburse(
    connection: AsyncConnection, sealer: Sealer, record: BookingRecord, payment: PaymentCopy
) -> None:
    if payment.paid_at is None or not is_paid_by(record.rules, payment.paid_at):
        return
    if next_status(Status(record.status), Trigger.REIMBURSE, payment.paid_at) is Status.REIMBURSED:
        await moves.reimburse(connection, record, payment.paid_at)
        await emit_moved(connection, [record], "reimbursed", sealer)


async def _take_back(
    connection: AsyncConnection, sealer: Sealer, record: BookingRecord, now: datetime
) -> None:
    if next_status(Status(record.status), Trigger.PAYMENT_TAKEN_BACK, now) is not Status.USED:
        return
    if not await copies.has_payment(connection, record.id):
        await moves.take_payment_back(connection, record)
        await emit_moved(connection, [record], "payment_taken_back", sealer)
