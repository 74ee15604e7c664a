"""Bookings, with the names and contremarque of their beneficiary sealed."""

from collections.abc import Sequence
from typing import Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.clock import Clock
from chassis.consumer import Message, Subscription
from chassis.copies import newest
from finance.domain.ordering import ordered_at
from finance.domain.subcategories import SUBCATEGORIES, UnknownSubcategory
from finance.persistence import copies
from finance.persistence.records import BookingCopy
from finance.usecases.reverse_reimbursements import reverse_reimbursements

TOPIC: Final = "booking.booking.v1"
NOT_USED: Final = frozenset({"CONFIRMED", "CANCELLED"})


class BookingMessage(Message):
    structure_id: UUID
    venue_id: UUID
    offer_id: UUID
    offer_name: str
    subcategory_id: str
    deposit_kind: str | None = None
    quantity: int = Field(gt=0)
    unit_price_cents: int = Field(ge=0)
    status: Literal["CONFIRMED", "USED", "CANCELLED", "REIMBURSED"]
    created_at: AwareDatetime
    used_at: AwareDatetime | None = None
    starts_at: AwareDatetime | None = None
    sealed: str = ""

    def copy_of(self) -> BookingCopy:
        ordered = ordered_at(self.used_at, self.starts_at) if self.used_at else None
        return BookingCopy(**dict(self), ordered_at=ordered)


def subscription(clock: Clock) -> Subscription[BookingMessage]:
    async def keep(connection: AsyncConnection, messages: Sequence[BookingMessage]) -> None:
        """Keep bookings, and take back what was paid for those that are used no more.

        Raises UnknownSubcategory: one that cannot be priced is set aside, not guessed.
        """
        for message in messages:
            if message.subcategory_id not in SUBCATEGORIES:
                raise UnknownSubcategory(message.subcategory_id)
        kept = newest(messages)
        await copies.keep_bookings(connection, [message.copy_of() for message in kept])
        # A first version was never used: most messages are of bookings just made, which cost nothing here.
        left = [message.id for message in kept if message.status in NOT_USED and message.version > 1]
        await reverse_reimbursements(connection, left, clock.now())

    return Subscription(TOPIC, BookingMessage, keep)
