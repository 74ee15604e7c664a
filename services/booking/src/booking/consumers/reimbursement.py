"""finance.reimbursement.v1: a payment begun forbids undoing, one that is done ends the booking."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence.records import PaymentCopy
from booking.usecases.follow_payment import follow_payment
from chassis.clock import Clock
from chassis.consumer import Message, Subscription
from chassis.copies import newest
from chassis.sealed import Sealer


class ReimbursementMessage(Message):
    booking_id: UUID
    status: str
    paid_at: datetime | None = None


def subscription(sealer: Sealer, clock: Clock) -> Subscription[ReimbursementMessage]:
    async def apply(connection: AsyncConnection, messages: Sequence[ReimbursementMessage]) -> None:
        for message in sorted(newest(messages), key=lambda message: message.booking_id):
            await follow_payment(connection, sealer, PaymentCopy(**message.model_dump()), clock.now())

    return Subscription("finance.reimbursement.v1", ReimbursementMessage, apply)
