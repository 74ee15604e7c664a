"""How often a mail was sent again to an address: counted for known and unknown ones alike."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import throttle
from identity.domain.account_tokens import RESEND_WINDOW, RESENDS
from identity.persistence.secrets import Digester


async def count(connection: AsyncConnection, email: str, digest: Digester, wall_now: datetime) -> bool:
    """Count one; False beyond the limit."""
    bucket = _bucket(email, digest)
    return await throttle.allows(connection, bucket, limit=RESENDS, window=RESEND_WINDOW, now=wall_now)


async def counted(
    connection: AsyncConnection, email: str, digest: Digester, wall_now: datetime
) -> tuple[int, datetime | None]:
    """How many there were in the present window, and when it began; None when there is none."""
    return await throttle.counted(connection, _bucket(email, digest), window=RESEND_WINDOW, now=wall_now)


def _bucket(email: str, digest: Digester) -> str:
    return f"resend:{digest('throttle', email).hex()}"
