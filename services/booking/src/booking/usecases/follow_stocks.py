"""What happens to bookings when the catalogue changes stocks: their start moves, or they are withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.cancellation import (
    Canceller,
    limit_when_moved,
    refuse_cancellation,
    reopens_when_moved,
)
from booking.domain.fortnights import is_settled
from booking.messages import availability
from booking.messages.booking import emit_moved
from booking.persistence import bookings, copies, moves, stocks
from booking.persistence.records import AvailabilityRecord, BookingRecord, StockCopy
from booking.persistence.stocks import KnownStock
from booking.usecases.withdraw_booking import withdraw_booking
from chassis import mail, outbox
from chassis.sealed import Sealer


async def follow_stocks(
    connection: AsyncConnection, sealer: Sealer, offered: Sequence[StockCopy], now: datetime
) -> None:
    """Store stocks as the catalogue offers them, each once, publish what is left, and see to their bookings.

    Nothing happens for a version that is known already, or older than the one that is.
    """
    before = await stocks.known(connection, [stock.id for stock in offered])
    if new := {stock.offer_id for stock in offered if stock.id not in before}:
        # Whoever rejects the offer meanwhile either sees the stock, or is done before it can be booked.
        await copies.hold_offers(connection, sorted(new))
    held, left = await _store(connection, offered, before)
    await outbox.emit(connection, [availability.event(one) for one in left.values()])
    for stock in offered:
        known = before.get(stock.id)
        if known is None or stock.id not in left:
            continue
        of_stock = [record for record in held if record.stock_id == stock.id]
        if _is_withdrawn(stock, known):
            await _withdraw_all(connection, sealer, of_stock, now)
        elif _is_moved(stock, known):
            await _reschedule_all(connection, sealer, of_stock, stock, now)


def _is_withdrawn(stock: StockCopy, known: KnownStock) -> bool:
    return stock.is_deleted and not known.is_deleted


def _is_moved(stock: StockCopy, known: KnownStock) -> bool:
    return stock.starts_at is not None and stock.starts_at != known.starts_at


async def _store(
    connection: AsyncConnection, offered: Sequence[StockCopy], before: Mapping[UUID, KnownStock]
) -> tuple[list[BookingRecord], dict[UUID, AvailabilityRecord]]:
    """The bookings concerned, locked, and what is left of the stocks that were news.

    Locks in the order of all: credit, bookings, and the stocks last. Who booked after their bookings
    were listed and before the stocks were locked is found by listing again: then all begin anew.
    """
    reaching = [
        stock.id
        for stock in offered
        if (known := before.get(stock.id)) is not None
        and stock.version > known.version
        and (_is_withdrawn(stock, known) or _is_moved(stock, known))
    ]
    owners = await bookings.active_of_stocks(connection, reaching) if reaching else {}
    while True:
        held = await bookings.lock_with_credit(connection, owners) if owners else []
        attempt = await connection.begin_nested()
        left = {stock.id: one for stock in offered if (one := await stocks.put(connection, stock))}
        now_active = await bookings.active_of_stocks(connection, reaching) if reaching else {}
        if now_active.keys() <= owners.keys():
            await attempt.commit()
            return [record for record in held if record.id in now_active], left
        await attempt.rollback()
        owners = now_active


async def _withdraw_all(
    connection: AsyncConnection, sealer: Sealer, held: Sequence[BookingRecord], now: datetime
) -> None:
    for record in held:
        if refuse_cancellation(record.rules, Canceller.STOCK_DELETION, now) is None:
            await withdraw_booking(connection, record, Canceller.STOCK_DELETION, now, sealer)


async def _reschedule_all(
    connection: AsyncConnection,
    sealer: Sealer,
    held: Sequence[BookingRecord],
    stock: StockCopy,
    now: datetime,
) -> None:
    """New limits count from now, the time of the edit; the beneficiaries are written to (domain.md §3.3).

    What is settled keeps its date: it was used then, and is paid for it.
    """
    assert stock.starts_at is not None
    moved = [record for record in held if not is_settled(record.rules, now)]
    for record in moved:
        limit = limit_when_moved(stock.starts_at, now)
        reopens = reopens_when_moved(record.rules, stock.starts_at, now)
        await moves.reschedule(connection, record, starts_at=stock.starts_at, limit_at=limit, reopens=reopens)
        await mail.enqueue(connection, "rescheduled", {"booking_id": record.id})
    await emit_moved(connection, moved, "rescheduled", sealer)
