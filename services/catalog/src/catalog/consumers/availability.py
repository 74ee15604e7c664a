"""`booking.availability.v1`: how many places of a stock are booked."""

from collections.abc import Sequence

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence.copies import Availability, keep_availabilities
from chassis.consumer import Message, Subscription
from chassis.copies import newest

AVAILABILITY_TOPIC = "booking.availability.v1"


class AvailabilityMessage(Message):
    """`id` is the stock's; `booked` counts the places of bookings that are not cancelled."""

    booked: int = Field(ge=0)


async def _apply(connection: AsyncConnection, messages: Sequence[AvailabilityMessage]) -> None:
    kept = [Availability(message.id, message.version, message.booked) for message in newest(messages)]
    await keep_availabilities(connection, kept)


def availabilities() -> Subscription[AvailabilityMessage]:
    return Subscription(AVAILABILITY_TOPIC, AvailabilityMessage, _apply)
