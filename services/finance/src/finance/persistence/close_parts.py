"""What is left to do of the close under way, in parts: claimed by whoever is free, done once, forgotten when over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.parts import Pile
from finance.persistence.records import ClosePart
from finance.persistence.tables import close_parts

_c = close_parts.c

# Bookings to price, and prices that wait: of both is made what a structure is paid.
_PILES = sa.text(
    """
    SELECT structure_id, venue_id, count(*) FROM (
        SELECT b.structure_id, b.venue_id FROM bookings b
        WHERE b.status = 'USED' AND b.used_at < :cutoff
          AND (b.starts_at IS NULL OR b.starts_at < :begun_before)
          AND NOT EXISTS (SELECT FROM pricings p WHERE p.booking_id = b.id AND p.status <> 'cancelled'
                            AND p.reversal_of IS NULL AND p.reversed_at IS NULL)
        UNION ALL
        SELECT p.structure_id, p.venue_id FROM pricings p WHERE p.status = 'validated'
    ) AS waits
    GROUP BY structure_id, venue_id
    """
).bindparams(*(sa.bindparam(name, type_=sa.DateTime(timezone=True)) for name in ("cutoff", "begun_before")))

_ADD = pg.insert(close_parts)
_OF_BATCH = _c.batch_id == sa.bindparam("batch")
_SETTLED = sa.update(close_parts).where(_OF_BATCH, _c.part == sa.bindparam("which")).values(is_settled=True)
_OVER = sa.delete(close_parts).where(_OF_BATCH, _c.part == sa.bindparam("which"))
_IN_STATE = _c.is_settled == sa.bindparam("settled", type_=sa.Boolean)
_ANY = sa.select(sa.exists().where(_OF_BATCH, _IN_STATE))


def _next(*, skip_locked: bool) -> sa.Select[int, list[UUID]]:
    return (
        sa.select(_c.part, _c.structure_ids)
        .where(_OF_BATCH, _IN_STATE)
        .order_by(_c.part)
        .limit(1)
        .with_for_update(skip_locked=skip_locked)
    )


_FREE: Final = _next(skip_locked=True)
_IN_WORK: Final = _next(skip_locked=False)


async def piles(connection: AsyncConnection, *, cutoff: datetime, begun_before: datetime) -> list[Pile]:
    """What a close has to settle, by structure and venue."""
    rows = await connection.execute(_PILES, {"cutoff": cutoff, "begun_before": begun_before})
    return [Pile(*row) for row in rows]


async def add(connection: AsyncConnection, batch_id: UUID, parts: Sequence[Sequence[UUID]]) -> None:
    rows = [
        {"batch_id": batch_id, "part": number, "structure_ids": list(structure_ids)}
        for number, structure_ids in enumerate(parts, 1)
    ]
    if rows:
        await connection.execute(_ADD, rows)


async def take(connection: AsyncConnection, batch_id: UUID, *, is_settled: bool) -> ClosePart | None:
    """A part to settle, or one that is settled and to be published; locked until the end of the transaction.

    Those that others have in work are waited for, in case they die with them. None: there is none left, or
    the one that was waited for is done.
    """
    values = {"batch": batch_id, "settled": is_settled}
    for statement in (_FREE, _IN_WORK):
        row = (await connection.execute(statement, values)).one_or_none()
        if row is not None:
            return ClosePart(*row)
    return None


async def settled(connection: AsyncConnection, batch_id: UUID, part: int) -> None:
    await connection.execute(_SETTLED, {"batch": batch_id, "which": part})


async def over(connection: AsyncConnection, batch_id: UUID, part: int) -> None:
    await connection.execute(_OVER, {"batch": batch_id, "which": part})


async def any_left(connection: AsyncConnection, batch_id: UUID, *, is_settled: bool) -> bool:
    """Whether a part is still to be settled, or settled and still to be published."""
    return bool(await connection.scalar(_ANY, {"batch": batch_id, "settled": is_settled}))
