"""catalog.offer.v1: what may be booked and under which conditions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import copies
from booking.persistence.records import OfferCopy
from chassis.consumer import Message, Subscription
from chassis.copies import newest


class OfferMessage(Message):
    venue_id: UUID
    subcategory_id: str
    name: str
    is_duo: bool
    url: str | None = None
    validation: str
    is_active: bool
    published_at: datetime | None = None


def subscription() -> Subscription[OfferMessage]:
    return Subscription("catalog.offer.v1", OfferMessage, _apply)


async def _apply(connection: AsyncConnection, messages: Sequence[OfferMessage]) -> None:
    offers = [OfferCopy(**message.model_dump()) for message in newest(messages)]
    await copies.keep_offers(connection, offers)
