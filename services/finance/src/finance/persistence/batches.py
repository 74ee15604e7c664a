"""Cash runs: batches, their cashflows and the file given to the bank."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.persistence.rows import AnyRow
from finance.persistence.tables import batches, cashflows, pricings, sepa_files, venues

_CLOSING_LOCK = 0x6361_7368
"""Advisory lock of the one close that may run at a time."""

_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(:lock)")
_TAKE_TIME = sa.text(
    "SELECT set_config('statement_timeout', '600s', true),"
    " set_config('idle_in_transaction_session_timeout', '600s', true),"
    " set_config('lock_timeout', '600s', true)"
)
_BY_CUTOFF = sa.select(batches.c.id).where(batches.c.cutoff == sa.bindparam("cutoff"))
_NEXT_NUMBER = sa.select(sa.func.coalesce(sa.func.max(batches.c.number), 0) + 1)
_OPEN = sa.insert(batches)
_ADD_CASHFLOWS = sa.insert(cashflows)
_ADD_FILE = sa.insert(sepa_files)
_TOTAL = (
    sa.update(batches)
    .where(batches.c.id == sa.bindparam("batch_id"))
    .values(
        total_cents=sa.bindparam("total"),
        transfer_count=sa.bindparam("transfers"),
        booking_count=sa.select(sa.func.count())
        .where(pricings.c.batch_id == sa.bindparam("batch_id"), pricings.c.cashflow_id.is_not(None))
        .scalar_subquery(),
    )
)
_ADDRESSES = (
    sa.select(venues.c.structure_id, venues.c.street, venues.c.postal_code, venues.c.city)
    .ext(pg.distinct_on(venues.c.structure_id))
    .where(venues.c.city.is_not(None))
    .order_by(venues.c.structure_id, venues.c.id)
)


async def close_alone(connection: AsyncConnection) -> None:
    """Wait for the close that is running, if any, and take the time a close needs."""
    await connection.execute(_TAKE_TIME)
    await connection.execute(_ONE_AT_A_TIME, {"lock": _CLOSING_LOCK})


async def find_by_cutoff(connection: AsyncConnection, cutoff: datetime) -> UUID | None:
    found: UUID | None = await connection.scalar(_BY_CUTOFF, {"cutoff": cutoff})
    return found


async def open_batch(
    connection: AsyncConnection,
    batch_id: UUID,
    *,
    last_day: date,
    cutoff: datetime,
    closed_at: datetime,
    transfer_label: str,
    execution_date: date,
) -> int:
    """Add the batch, empty for now; its number."""
    number = int(await connection.scalar(_NEXT_NUMBER) or 1)
    await connection.execute(
        _OPEN,
        {
            "id": batch_id,
            "number": number,
            "last_day": last_day,
            "cutoff": cutoff,
            "closed_at": closed_at,
            "transfer_label": transfer_label,
            "execution_date": execution_date,
            "total_cents": 0,
            "transfer_count": 0,
            "booking_count": 0,
        },
    )
    return number


async def add_cashflows(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await connection.execute(_ADD_CASHFLOWS, rows)


async def add_file(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    await connection.execute(_ADD_FILE, row)


async def total(connection: AsyncConnection, batch_id: UUID, *, total_cents: int, transfers: int) -> None:
    """Write what the batch came to. Call it once its pricings are settled."""
    await connection.execute(_TOTAL, {"batch_id": batch_id, "total": total_cents, "transfers": transfers})


async def addresses(connection: AsyncConnection) -> dict[UUID, AnyRow]:
    """Street, postal code and city of each structure: those of its first venue that has an address."""
    return {row.structure_id: row for row in await connection.execute(_ADDRESSES)}
