"""catalog.venue.v1: where bookings are used, in which zone, and where to write to."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import copies
from booking.persistence.records import VenueCopy
from chassis.consumer import Message, Subscription
from chassis.copies import newest
from chassis.sealed import Sealer

TOPIC: Final = "catalog.venue.v1"


class VenueMessage(Message):
    structure_id: UUID
    structure_status: str
    name: str
    public_name: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    department_code: str | None = None
    timezone: str = "Europe/Paris"
    sealed: str | None = None


class VenueSealed(BaseModel):
    """What travels sealed inside a venue."""

    model_config = ConfigDict(extra="ignore")

    booking_email: str | None = None


def subscription(sealer: Sealer) -> Subscription[VenueMessage]:
    async def apply(connection: AsyncConnection, messages: Sequence[VenueMessage]) -> None:
        await copies.keep_venues(connection, [_copy(message, sealer) for message in newest(messages)])

    return Subscription(TOPIC, VenueMessage, apply)


def _copy(message: VenueMessage, sealer: Sealer) -> VenueCopy:
    private = VenueSealed.model_validate(
        sealer.open(message.sealed, (TOPIC, message.id)) if message.sealed else {}
    )
    return VenueCopy(
        **message.model_dump(exclude={"sealed", "public_name", "name"}),
        name=message.public_name or message.name,
        booking_email=private.booking_email,
    )
