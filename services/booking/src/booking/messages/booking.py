"""booking.booking.v1: the whole public state of a booking."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import bookings, tables
from booking.persistence.records import BookingRecord
from chassis import republish
from chassis.clock import iso
from chassis.outbox import Event, Published, emit
from chassis.sealed import Sealer

TOPIC = "booking.booking.v1"


def event(record: BookingRecord, what: str, sealer: Sealer) -> Event:
    """`what` happened: booked, used, cancelled, … The contremarque and the name travel sealed.

    As text already: every booking passes here, and values that JSON does not know cost it 15 µs.
    """
    state = {
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
            (TOPIC, record.id),
        ),
    }
    return Event(TOPIC, record.id, record.version, f"booking.{what}", state)


async def emit_moved(
    connection: AsyncConnection, moved: Sequence[BookingRecord], what: str, sealer: Sealer
) -> list[BookingRecord]:
    """Publish bookings in the transaction that moved them; as they are now, in the order given."""
    now = await bookings.by_ids(connection, [record.id for record in moved])
    after = [now[record.id] for record in moved]
    await emit(connection, [event(record, what, sealer) for record in after])
    return after


def published(sealer: Sealer) -> Published:
    return republish.published(
        TOPIC,
        tables.bookings,
        lambda row: event(BookingRecord(*row), "republished", sealer),
        rows=bookings.SELECT,
    )
