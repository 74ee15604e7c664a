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
    RETURNING hits
    """
)
_CLEAR = sa.text("DELETE FROM throttles WHERE bucket = :bucket")


async def allows(
    connection: AsyncConnection, bucket: str, *, limit: int, window: timedelta, now: datetime
) -> bool:
    """Count one attempt on `bucket`; True while it is within `limit` per `window`.

    The count must outlive a refusal: call it on `Database.read()` (which commits each
    statement), not inside a transaction that may be rolled back. `bucket` must hold no
    personal data in clear.
    """
    hits = await connection.scalar(_HIT, {"bucket": bucket, "now": now, "window_floor": now - window})
    return bool(hits <= limit)


async def clear(connection: AsyncConnection, bucket: str) -> None:
    """Forget the attempts on `bucket`, after a success."""
    await connection.execute(_CLEAR, {"bucket": bucket})
