"""What finance says of a booking's reimbursement: begun, it forbids undoing; paid, it ends the booking."""

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.booking import Status, Trigger, next_status
from booking.messages.booking import emit_moved
from booking.persistence import bookings, copies, moves
from booking.persistence.records import PaymentCopy
from chassis.sealed import Sealer


async def follow_payment(connection: AsyncConnection, sealer: Sealer, payment: PaymentCopy) -> None:
    """Store the state of a payment; a used booking that is paid becomes reimbursed at the time of payment.

    The booking is locked first: whoever is undoing it meanwhile either was done before, or sees the payment.
    """
    record = await bookings.lock_alone(connection, payment.booking_id)
    is_news = await copies.keep_payment(connection, payment)
    if not is_news or payment.status != "paid" or payment.paid_at is None or record is None:
        return
    if next_status(Status(record.status), Trigger.REIMBURSE, payment.paid_at) is Status.REIMBURSED:
        await moves.reimburse(connection, record, payment.paid_at)
        await emit_moved(connection, [record], "reimbursed", sealer)
