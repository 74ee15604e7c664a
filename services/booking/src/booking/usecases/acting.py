"""Acting on one booking: once per key, in one transaction, on what was read and nothing staler."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import bookings
from booking.persistence.bookings import BookingRecord
from chassis.db import Database
from chassis.idempotency import once
from chassis.refusals import Refusal

T = TypeVar("T")

_TRIES = 5


class MovedMeanwhile(Exception):
    """Somebody else moved the booking between reading and writing it."""


async def until_unmoved(database: Database, act: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """`act` in one transaction, begun again when the booking it read was moved meanwhile."""
    for _ in range(_TRIES - 1):
        try:
            return await database.run(act)
        except MovedMeanwhile:
            continue
    return await database.run(act)


async def once_on_booking(
    database: Database,
    *,
    actor: UUID,
    key: UUID,
    operation: str,
    request: Mapping[str, Any],
    move: Callable[[AsyncConnection], Awaitable[BookingRecord | Refusal]],
) -> BookingRecord | Refusal:
    """Move a booking once per key; the booking as it is now, also when the key is sent again.

    Raises IdempotencyConflict when the key was used for something else.
    """

    async def act(connection: AsyncConnection) -> BookingRecord | Refusal:
        async def work() -> dict[str, Any] | Refusal:
            moved = await move(connection)
            return moved if isinstance(moved, Refusal) else {"booking_id": str(moved.id)}

        answer = await once(connection, actor=actor, key=key, operation=operation, request=request, work=work)
        if isinstance(answer, Refusal):
            return answer
        record = await bookings.by_id(connection, UUID(answer["booking_id"]))
        assert record is not None
        return record

    return await until_unmoved(database, act)
