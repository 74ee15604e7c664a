"""What happens to bookings when the catalogue changes a stock: its start moves, or it is withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.booking import Status
from booking.domain.cancellation import Canceller, cancellation_limit, refuse_cancellation, reopens_when_moved
from booking.domain.subcategories import subcategory_of
from booking.persistence import bookings, moves, stocks
from booking.persistence.bookings import BookingRecord
from booking.usecases.acting import MovedMeanwhile
from booking.usecases.announce import availability_event, tell_moved
from booking.usecases.withdraw import withdraw
from chassis import mail, outbox
from chassis.sealed import Sealer


async def follow_stock(
    connection: AsyncConnection, sealer: Sealer, stock: Mapping[str, Any], now: datetime
) -> None:
    """Store a stock as the catalogue tells it, tell what is left, and see to its bookings.

    Nothing happens when this version, or a newer one, is known already.
    """
    before = await stocks.lock(connection, stock["id"])
    left = await stocks.put(connection, stock)
    if left is None:
        return
    await outbox.emit(connection, [availability_event(left)])
    if before is None:
        return
    _, old_start, was_deleted = before
    if stock["is_deleted"] and not was_deleted:
        await _withdraw_all(connection, sealer, stock, now)
    elif stock["starts_at"] != old_start and stock["starts_at"] is not None:
        await _reschedule_all(connection, sealer, stock, now)


async def _withdraw_all(
    connection: AsyncConnection, sealer: Sealer, stock: Mapping[str, Any], now: datetime
) -> None:
    for record in await bookings.active_of_stock(connection, stock["id"]):
        if refuse_cancellation(record.rules, Canceller.STOCK_DELETION, now) is None:
            await withdraw(connection, record, Canceller.STOCK_DELETION, now, sealer)


async def _reschedule_all(
    connection: AsyncConnection, sealer: Sealer, stock: Mapping[str, Any], now: datetime
) -> None:
    """New limits count from now, the time of the edit; the beneficiaries are written to (domain.md §3.3)."""
    moved: list[BookingRecord] = []
    for record in await bookings.active_of_stock(connection, stock["id"]):
        limit = cancellation_limit(subcategory_of(record.subcategory_id), stock["starts_at"], now)
        reopens = not record.has_payment and reopens_when_moved(
            Status(record.status), stock["starts_at"], now
        )
        if not await moves.reschedule(
            connection, record, starts_at=stock["starts_at"], limit_at=limit, reopens=reopens
        ):
            raise MovedMeanwhile
        await mail.enqueue(connection, "rescheduled", {"booking_id": record.id})
        moved.append(record)
    await tell_moved(connection, moved, "rescheduled", sealer)
