"""What requests read, batched: ten bookings asked for one by one are read together."""

from uuid import UUID

from booking.domain.stock import Stock
from booking.persistence import bookings, stocks, wallets
from booking.persistence.records import BookingRecord, CreditRecord
from chassis.cursors import Window
from chassis.graphql import Info, load


async def load_booking(info: Info, id_: UUID) -> BookingRecord | None:
    """The booking of that id, whoever it belongs to."""
    return await load(info, bookings.by_ids, id_)


async def load_moved(info: Info, id_: UUID) -> BookingRecord:
    """A booking that a mutation has just made or moved."""
    record = await load_booking(info, id_)
    assert record is not None
    return record


async def load_stock(info: Info, id_: UUID) -> Stock | None:
    return await load(info, stocks.bookable, id_)


async def load_credits(info: Info, person_id: UUID) -> tuple[CreditRecord, ...]:
    """Oldest first; none for who was never granted any."""
    return await load(info, wallets.of_persons, person_id) or ()


async def load_page_of_person(info: Info, person_id: UUID, part: Window) -> list[BookingRecord]:
    """Newest first."""
    async with info.context.db.read() as connection:
        return await bookings.of_person(connection, person_id, part)


async def load_page_of_structure(info: Info, structure_id: UUID, part: Window) -> list[BookingRecord]:
    """Newest first."""
    async with info.context.db.read() as connection:
        return await bookings.of_structure(connection, structure_id, part)
