"""Counting attempts per key in fixed windows, in the database, so that every replica agrees."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

_HIT = sa.text(
    """
    INSERT INTO throttles AS t (bucket, window_start, hits) VALUES (:bucket, :now, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        window_start = CASE WHEN t.window_start <= :window_floor THEN :now ELSE t.window_start END,
        hits = CASE WHEN t.window_start <= :window_floor THEN 1 ELSE t.hits + 1 END
    RETURNING hits, window_start
    """
)
_COUNTED = sa.text(
    "SELECT hits, window_start FROM throttles WHERE bucket = :bucket AND window_start > :window_floor"
)
_CLEAR = sa.text("DELETE FROM throttles WHERE bucket = :bucket")


async def hit(
    connection: AsyncConnection, bucket: str, *, window: timedelta, now: datetime
) -> tuple[int, datetime]:
    """Count one attempt on `bucket`; how many there were in the present window, and when it began.

    The count must outlive a refusal: call it on `Database.read()` (which commits each
    statement), not inside a transaction that may be rolled back. `bucket` must hold no
    personal data in clear.
    """
    asked = {"bucket": bucket, "now": now, "window_floor": now - window}
    hits, began = (await connection.execute(_HIT, asked)).one()
    return hits, began


async def allows(
    connection: AsyncConnection, bucket: str, *, limit: int, window: timedelta, now: datetime
) -> bool:
    """Count one attempt on `bucket`, as `hit` does; True while it is within `limit` per `window`."""
    hits, _ = await hit(connection, bucket, window=window, now=now)
    return hits <= limit


async def counted(
    connection: AsyncConnection, bucket: str, *, window: timedelta, now: datetime
) -> tuple[int, datetime | None]:
    """How many attempts the present window of `bucket` holds, and when it began; None when none is open."""
    asked = {"bucket": bucket, "window_floor": now - window}
    row = (await connection.execute(_COUNTED, asked)).one_or_none()
    return (0, None) if row is None else (row.hits, row.window_start)


async def clear(connection: AsyncConnection, bucket: str) -> None:
    """Forget the attempts on `bucket`, after a success."""
    await connection.execute(_CLEAR, {"bucket": bucket})
