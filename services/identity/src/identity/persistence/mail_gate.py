"""Owe a mail that anybody can have sent to anybody: only so many an hour to one address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, throttle
from chassis.ids import new_id
from identity.persistence import people
from identity.persistence.secrets import Digester

_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MailGate:
    """Counts mails by the keyed digest of their address."""

    digest: Digester
    mails_per_hour: int

    async def owe(
        self,
        connection: AsyncConnection,
        email: str,
        kind: str,
        payload: Mapping[str, str],
        wall_now: datetime,
    ) -> bool:
        """False when the address has had its share of this hour: nothing is owed then, and nobody is told."""
        bucket = f"mail:{self.digest('throttle', email).hex()}"
        if not await throttle.allows(
            connection, bucket, limit=self.mails_per_hour, window=_WINDOW, now=wall_now
        ):
            return False
        await mail.enqueue(connection, kind, payload)
        return True

    async def owe_to_whoever(
        self, connection: AsyncConnection, email: str, kind: str, wall_now: datetime
    ) -> None:
        """Owe a mail to whoever has the address, or to nobody: who that is, and whether it is written at all, is seen
        when it is sent. The same is done for any address, so that the time it takes tells nothing.
        """
        whose = await people.id_of(connection, email) or new_id()
        await self.owe(connection, email, kind, {"person_id": str(whose)}, wall_now)
