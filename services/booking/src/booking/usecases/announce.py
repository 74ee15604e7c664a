"""What booking tells the other contexts: the whole public state of a booking, and what is left of a stock."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import bookings, stocks
from booking.persistence.bookings import BookingRecord
from booking.persistence.stocks import Availability
from chassis.clock import iso
from chassis.outbox import Event, emit
from chassis.sealed import Sealer

BOOKINGS = "booking.booking.v1"
AVAILABILITY = "booking.availability.v1"


def booking_event(record: BookingRecord, what: str, sealer: Sealer) -> Event:
    """`what` happened: booked, used, cancelled, … The contremarque and the name travel sealed."""
    return Event(BOOKINGS, record.id, record.version, f"booking.{what}", _state(record, sealer))


def _state(record: BookingRecord, sealer: Sealer) -> Mapping[str, Any]:
    """As text already: every booking passes here, and values that JSON does not know cost it 15 µs."""
    return {
        "person_id": str(record.person_id),
        "stock_id": str(record.stock_id),
        "offer_id": str(record.offer_id),
        "offer_name": record.offer_name,
        "venue_id": str(record.venue_id),
        "structure_id": str(record.structure_id),
        "subcategory_id": record.subcategory_id,
        "deposit_kind": record.deposit_kind,
        "quantity": record.quantity,
        "unit_price_cents": record.unit_price_cents,
        "total_cents": record.total_cents,
        "status": record.status,
        "created_at": iso(record.created_at),
        "used_at": iso(record.used_at),
        "cancelled_at": iso(record.cancelled_at),
        "cancellation_reason": record.cancellation_reason,
        "cancellation_limit_at": iso(record.cancellation_limit_at),
        "starts_at": iso(record.starts_at),
        "reimbursed_at": iso(record.reimbursed_at),
        "sealed": sealer.seal(
            {"token": record.token, "first_name": record.first_name, "last_name": record.last_name},
            (BOOKINGS, record.id),
        ),
    }


def availability_event(left: Availability) -> Event:
    remaining = None if left.capacity is None else left.capacity - left.taken
    return Event(
        AVAILABILITY,
        left.id,
        left.availability_version,
        "availability.changed",
        {
            "offer_id": left.offer_id,
            "quantity": left.capacity,
            "booked": left.taken,
            "remaining": remaining,
        },
    )


async def tell_moved(
    connection: AsyncConnection, moved: Sequence[BookingRecord], what: str, sealer: Sealer
) -> list[BookingRecord]:
    """Tell that bookings were moved, in the transaction that moved them; their new state."""
    after = await bookings.by_ids(connection, [record.id for record in moved])
    await emit(connection, [booking_event(record, what, sealer) for record in after])
    return after


async def tell_availability(connection: AsyncConnection, record: BookingRecord) -> None:
    """Tell what is left of a booking's stock, once its row was changed in this transaction."""
    await emit(connection, [availability_event(await stocks.availability(connection, record.stock_id))])
