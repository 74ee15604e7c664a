"""What happens to bookings when the catalogue changes offers: those of a rejected one are taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.cancellation import Canceller, refuse_cancellation
from booking.persistence import bookings, copies, stocks
from booking.persistence.records import BookingRecord, OfferCopy
from booking.usecases.withdraw_booking import withdraw_booking
from chassis.sealed import Sealer

_REJECTED = "REJECTED"


async def follow_offers(
    connection: AsyncConnection, sealer: Sealer, offers: Sequence[OfferCopy], now: datetime
) -> None:
    """Store offers, each once; what was booked of those that are rejected now is cancelled, as far as it may be.

    Nothing happens for a version that is known already, or older than the one that is.
    """
    known = await copies.known_offers(connection, [offer.id for offer in offers])
    rejected = [
        offer.id
        for offer in offers
        if offer.validation == _REJECTED
        and (before := known.get(offer.id)) is not None
        and before.version < offer.version
        and before.validation != _REJECTED
    ]
    await copies.keep_offers(connection, offers)
    held = await _shut(connection, rejected) if rejected else []
    for record in sorted(held, key=lambda record: record.stock_id):
        if refuse_cancellation(record.rules, Canceller.REJECTION, now) is None:
            await withdraw_booking(connection, record, Canceller.REJECTION, now, sealer)


async def _shut(connection: AsyncConnection, offers: Sequence[UUID]) -> list[BookingRecord]:
    """What is booked of these offers, locked; nothing more can be until this is over, and decided anew then.

    Locks in the order of all: credit, bookings, and the stocks last. Who booked after the bookings were
    listed and before the stocks were locked is found by listing again: then all begin anew.
    """
    owners = await bookings.active_of_offers(connection, offers)
    while True:
        held = await bookings.lock_with_credit(connection, owners) if owners else []
        attempt = await connection.begin_nested()
        await stocks.note_rejection(connection, offers)
        now_active = await bookings.active_of_offers(connection, offers)
        if now_active.keys() <= owners.keys():
            await attempt.commit()
            return [record for record in held if record.id in now_active]
        await attempt.rollback()
        owners = now_active
