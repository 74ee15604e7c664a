"""What happens to bookings when an account is suspended: the reason says what is taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.cancellation import Canceller, refuse_cancellation
from booking.domain.suspension import CANCELLED_BY
from booking.persistence import bookings, copies
from booking.persistence.records import PersonCopy
from booking.usecases.withdraw_booking import withdraw_booking
from chassis import revocations
from chassis.revocations import Standing
from chassis.sealed import Sealer


async def follow_persons(
    connection: AsyncConnection,
    sealer: Sealer,
    persons: Sequence[PersonCopy],
    reasons: Mapping[UUID, str | None],
    now: datetime,
) -> None:
    """Store people, each once; what those booked who are suspended now is cancelled, as far as it may be.

    `reasons`: why each is suspended. Nothing happens for a version that is known already, or older.
    """
    active = await copies.active_persons(connection, [person.id for person in persons])
    suspended: dict[UUID, Canceller] = {}
    for person in persons:
        by = CANCELLED_BY.get(reasons.get(person.id) or "")
        is_news = person.id in active and active[person.id] < person.version and not person.is_active
        if by is not None and is_news:
            suspended[person.id] = by
    await copies.keep_persons(connection, persons)
    await revocations.keep(connection, (Standing(each.id, each.version, each.is_active) for each in persons))
    owners = await bookings.active_of_persons(connection, list(suspended)) if suspended else {}
    held = await bookings.lock_with_credit(connection, owners) if owners else []
    for record in sorted(held, key=lambda record: record.stock_id):
        by = suspended[record.person_id]
        if refuse_cancellation(record.rules, by, now) is None:
            await withdraw_booking(connection, record, by, now, sealer)
