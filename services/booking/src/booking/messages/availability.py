"""booking.availability.v1: what is left of a stock; its key is the stock's id."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import stocks, tables
from booking.persistence.records import AvailabilityRecord
from chassis import republish
from chassis.outbox import Event, Published, emit

TOPIC = "booking.availability.v1"


def event(left: AvailabilityRecord) -> Event:
    """The statement that books (`persistence/book_statement.py`) builds the same."""
    return Event(
        TOPIC,
        left.id,
        left.availability_version,
        "availability.changed",
        {
            "offer_id": left.offer_id,
            "quantity": left.capacity,
            "booked": left.taken,
            "remaining": None if left.capacity is None else left.capacity - left.taken,
        },
    )


async def emit_left(connection: AsyncConnection, stock_id: UUID) -> None:
    """Publish what is left of a stock, in the transaction that changed its row."""
    await emit(connection, [event(await stocks.availability(connection, stock_id))])


def published() -> Published:
    return republish.published(
        TOPIC, tables.stocks, lambda row: event(AvailabilityRecord(*row)), rows=stocks.AVAILABILITY
    )
