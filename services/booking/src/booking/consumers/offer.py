"""catalog.offer.v1: what may be booked and under which conditions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence.records import OfferCopy
from booking.usecases.follow_offers import follow_offers
from chassis.clock import Clock
from chassis.consumer import Message, Subscription
from chassis.copies import newest
from chassis.sealed import Sealer


class OfferMessage(Message):
    venue_id: UUID
    subcategory_id: str
    name: str
    is_duo: bool
    url: str | None = None
    validation: str
    is_active: bool
    published_at: datetime | None = None
    isbn: str | None = None
    number: int | None = None


def subscription(sealer: Sealer, clock: Clock) -> Subscription[OfferMessage]:
    async def apply(connection: AsyncConnection, messages: Sequence[OfferMessage]) -> None:
        offers = [OfferCopy(**message.model_dump()) for message in newest(messages)]
        await follow_offers(connection, sealer, offers, clock.now())

    return Subscription("catalog.offer.v1", OfferMessage, apply)
