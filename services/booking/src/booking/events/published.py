"""The topics booking owns, and how to tell every aggregate of them again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import bookings, stocks
from booking.settings import BookingSettings
from booking.usecases.announce import AVAILABILITY, BOOKINGS, availability_event, booking_event
from chassis.outbox import Event, Published
from chassis.service import Runtime


def published(runtime: Runtime[BookingSettings]) -> Sequence[Published]:
    async def every_booking(
        connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
    ) -> Sequence[Event]:
        page = await bookings.page_for_republishing(connection, after, since, limit)
        return [booking_event(record, "republished", runtime.sealer) for record in page]

    async def every_availability(
        connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
    ) -> Sequence[Event]:
        page = await stocks.page_for_republishing(connection, after, since, limit)
        return [availability_event(left) for left in page]

    return (Published(BOOKINGS, every_booking), Published(AVAILABILITY, every_availability))
