"""Venues: who answers for each and where it is."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.consumer import Message, Subscription
from chassis.copies import newest
from finance.persistence import copies
from finance.persistence.records import VenueCopy


class VenueMessage(Message):
    structure_id: UUID
    siret: str | None = None
    name: str
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None


async def keep(connection: AsyncConnection, messages: Sequence[VenueMessage]) -> None:
    await copies.keep_venues(connection, [VenueCopy(**dict(message)) for message in newest(messages)])


SUBSCRIPTION: Final = Subscription("catalog.venue.v1", VenueMessage, keep)
