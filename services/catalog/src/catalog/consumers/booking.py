"""`booking.booking.v1`: who holds a booking goes on seeing what was booked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence.copies import keep_booked_offers
from catalog.persistence.records import BookedOffer
from chassis.consumer import Message, Subscription

BOOKING_TOPIC = "booking.booking.v1"


class BookingMessage(Message):
    person_id: UUID
    offer_id: UUID
    venue_id: UUID


async def _apply(connection: AsyncConnection, messages: Sequence[BookingMessage]) -> None:
    booked = {BookedOffer(message.person_id, message.offer_id, message.venue_id) for message in messages}
    await keep_booked_offers(connection, sorted(booked, key=lambda each: (each.person_id, each.offer_id)))


def bookings() -> Subscription[BookingMessage]:
    return Subscription(BOOKING_TOPIC, BookingMessage, _apply)
