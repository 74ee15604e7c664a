"""What happens to bookings when the catalogue changes offers: those of a rejected one are taken back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.cancellation import Canceller, refuse_cancellation
from booking.persistence import bookings, copies
from booking.persistence.records import OfferCopy
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
    owners = await bookings.active_of_offers(connection, rejected) if rejected else {}
    held = await bookings.lock_with_credit(connection, owners) if owners else []
    for record in sorted(held, key=lambda record: record.stock_id):
        if refuse_cancellation(record.rules, Canceller.REJECTION, now) is None:
            await withdraw_booking(connection, record, Canceller.REJECTION, now, sealer)
