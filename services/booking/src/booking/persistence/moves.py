"""Moving a booking from one state to another, with what it gives back.

Each statement asks for the version that was read: when it finds nothing, somebody else moved the
booking meanwhile, and the caller reads and decides again. Locks in the order wallet, booking, stock.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.booking import CancellationReason, Status
from booking.domain.subcategories import Deposit
from booking.persistence import wallets
from booking.persistence.bookings import BookingRecord
from booking.persistence.tables import bookings

_INSTANT = sa.DateTime(timezone=True)


def _update(**values: Any) -> sa.Update:
    return (
        sa.update(bookings)
        .where(bookings.c.id == sa.bindparam("of_id"), bookings.c.version == sa.bindparam("of_version"))
        .values(version=bookings.c.version + 1, changed_at=sa.func.now(), **values)
    )


_USE = _update(status=Status.USED.value, used_at=sa.bindparam("at", type_=_INSTANT))
_UNDO = _update(status=Status.CONFIRMED.value, used_at=None)
_REIMBURSE = _update(status=Status.REIMBURSED.value, reimbursed_at=sa.bindparam("at", type_=_INSTANT))
_RESCHEDULE = _update(
    starts_at=sa.bindparam("new_start", type_=_INSTANT),
    cancellation_limit_at=sa.bindparam("new_limit", type_=_INSTANT),
    status=sa.bindparam("new_status"),
    used_at=sa.bindparam("new_used_at", type_=_INSTANT),
)
_WARNED = (
    sa.update(bookings).where(bookings.c.id == sa.bindparam("of_id")).values(warned_on=sa.bindparam("day"))
)

_CANCEL = sa.text(
    """
    WITH purse AS (
        SELECT id FROM wallets WHERE person_id = :person_id AND :total_cents > 0 ORDER BY id FOR UPDATE
    ),
    gone AS (
        UPDATE bookings SET
            status = 'CANCELLED', cancelled_at = :at, cancellation_reason = :reason, used_at = NULL,
            version = version + 1, changed_at = now()
        WHERE id = :id AND version = :version AND (SELECT count(*) FROM purse) >= 0
        RETURNING id
    ),
    returned AS (
        UPDATE wallets SET
            spent_cents = spent_cents - :total_cents,
            digital_spent_cents = digital_spent_cents - :digital_cents,
            physical_spent_cents = physical_spent_cents - :physical_cents
        WHERE id = :wallet_id AND (SELECT count(*) FROM gone) = 1
        RETURNING id
    )
    UPDATE stocks SET
        taken = taken - :quantity,
        capacity = CASE WHEN offered IS NOT NULL THEN greatest(offered, taken - :quantity) END,
        availability_version = availability_version + 1,
        changed_at = now()
    WHERE id = :stock_id AND (SELECT count(*) FROM gone) = 1 AND (SELECT count(*) FROM returned) >= 0
    """
).bindparams(
    *(sa.bindparam(name, type_=sa.Uuid) for name in ("id", "person_id", "wallet_id", "stock_id")),
    *(sa.bindparam(name, type_=sa.BigInteger) for name in ("version", "total_cents")),
    *(sa.bindparam(name, type_=sa.BigInteger) for name in ("digital_cents", "physical_cents")),
    sa.bindparam("quantity", type_=sa.Integer),
    sa.bindparam("at", type_=_INSTANT),
    sa.bindparam("reason", type_=sa.Text),
)


async def _moved(
    connection: AsyncConnection, statement: sa.Update, record: BookingRecord, **parameters: Any
) -> bool:
    done = await connection.execute(
        statement, {"of_id": record.id, "of_version": record.version, **parameters}
    )
    return done.rowcount == 1


async def use(connection: AsyncConnection, record: BookingRecord, at: datetime) -> bool:
    """False when the booking is no longer as it was read, here and below."""
    return await _moved(connection, _USE, record, at=at)


async def undo_use(connection: AsyncConnection, record: BookingRecord) -> bool:
    return await _moved(connection, _UNDO, record)


async def reimburse(connection: AsyncConnection, record: BookingRecord, at: datetime) -> bool:
    return await _moved(connection, _REIMBURSE, record, at=at)


async def reschedule(
    connection: AsyncConnection,
    record: BookingRecord,
    *,
    starts_at: datetime | None,
    limit_at: datetime | None,
    reopens: bool,
) -> bool:
    """The event was moved: new start, new limit, and confirmed again when `reopens`."""
    return await _moved(
        connection,
        _RESCHEDULE,
        record,
        new_start=starts_at,
        new_limit=limit_at,
        new_status=Status.CONFIRMED.value if reopens else record.status,
        new_used_at=None if reopens else record.used_at,
    )


async def cancel(
    connection: AsyncConnection, record: BookingRecord, reason: CancellationReason, at: datetime
) -> bool:
    """Cancel, give the places back to the stock, and the credit to the wallet it came from or its successor.

    All wallets of the person are locked first: the one that paid may have been replaced meanwhile.
    """
    total = record.total_cents if record.wallet_id is not None else 0
    done = await connection.execute(
        _CANCEL,
        {
            "id": record.id,
            "version": record.version,
            "person_id": record.person_id,
            "wallet_id": record.wallet_id,
            "stock_id": record.stock_id,
            "total_cents": total,
            "digital_cents": total if record.capped_deposit == Deposit.DIGITAL else 0,
            "physical_cents": total if record.capped_deposit == Deposit.PHYSICAL else 0,
            "quantity": record.quantity,
            "at": at,
            "reason": reason.value,
        },
    )
    if done.rowcount == 1 and total:
        await wallets.settle(connection, [record.person_id])
    return done.rowcount == 1


async def mark_warned(connection: AsyncConnection, id_: UUID, day: date) -> None:
    await connection.execute(_WARNED, {"of_id": id_, "day": day})
