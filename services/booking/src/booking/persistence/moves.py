"""Moving a booking from one state to another, with what it gives back.

The caller has locked the booking (`bookings.lock…`) and decided on what it read then. Each statement asks
for the version that was read all the same: whoever moves a booking unlocked and is too late gets an error.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.booking import CancellationReason, Status
from booking.domain.subcategories import Deposit
from booking.persistence import wallets
from booking.persistence.records import BookingRecord
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
_TAKE_PAYMENT_BACK = _update(status=Status.USED.value, reimbursed_at=None)
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
    WITH gone AS (
        UPDATE bookings SET
            status = 'CANCELLED', cancelled_at = :at, cancellation_reason = :reason, used_at = NULL,
            version = version + 1, changed_at = now()
        WHERE id = :id AND version = :version
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
    WHERE id = :stock_id AND (SELECT count(*) FROM gone) = 1
    """
).bindparams(
    *(sa.bindparam(name, type_=sa.Uuid) for name in ("id", "wallet_id", "stock_id")),
    *(sa.bindparam(name, type_=sa.BigInteger) for name in ("version", "total_cents")),
    *(sa.bindparam(name, type_=sa.BigInteger) for name in ("digital_cents", "physical_cents")),
    sa.bindparam("quantity", type_=sa.Integer),
    sa.bindparam("at", type_=_INSTANT),
    sa.bindparam("reason", type_=sa.Text),
)


async def _move(
    connection: AsyncConnection, statement: sa.Update, record: BookingRecord, **parameters: object
) -> None:
    done = await connection.execute(
        statement, {"of_id": record.id, "of_version": record.version, **parameters}
    )
    _must_be_one(done.rowcount)


def _must_be_one(rows: int) -> None:
    if rows != 1:
        raise MovedUnlocked


class MovedUnlocked(Exception):
    """The booking is no longer as it was read: it was read without its lock. Nothing was written."""


async def use(connection: AsyncConnection, record: BookingRecord, at: datetime) -> None:
    await _move(connection, _USE, record, at=at)


async def undo_use(connection: AsyncConnection, record: BookingRecord) -> None:
    await _move(connection, _UNDO, record)


async def reimburse(connection: AsyncConnection, record: BookingRecord, at: datetime) -> None:
    await _move(connection, _REIMBURSE, record, at=at)


async def take_payment_back(connection: AsyncConnection, record: BookingRecord) -> None:
    await _move(connection, _TAKE_PAYMENT_BACK, record)


async def reschedule(
    connection: AsyncConnection,
    record: BookingRecord,
    *,
    starts_at: datetime | None,
    limit_at: datetime | None,
    reopens: bool,
) -> None:
    """The event was moved: new start, new limit, and confirmed again when `reopens`."""
    await _move(
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
) -> None:
    """Cancel, give the places back to the stock, and the credit to the wallet it came from or its successor.

    For a booking of `bookings.lock_with_credit`.
    """
    total = record.total_cents if record.wallet_id is not None else 0
    done = await connection.execute(
        _CANCEL,
        {
            "id": record.id,
            "version": record.version,
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
    _must_be_one(done.rowcount)
    if total:
        await wallets.settle(connection, [record.person_id])


async def mark_warned(connection: AsyncConnection, id_: UUID, day: date) -> None:
    await connection.execute(_WARNED, {"of_id": id_, "day": day})
