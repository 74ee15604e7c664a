"""Change one's own password, by the old one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.refusals import InvalidCredentials
from identity.persistence.records import PersonRecord
from identity.usecases.prove_password import still_proved
from identity.usecases.replace_password import replace_password

ChangePasswordRefusal = InvalidCredentials


async def change_password(
    connection: AsyncConnection,
    person: PersonRecord,
    password_hash: str,
    session_id: UUID | None,
    wall_now: datetime,
    sealer: Sealer,
) -> PersonRecord | ChangePasswordRefusal:
    """The old one was right for `person` as they were read; it is no more if it was changed since.

    `session_id`: the session of who does it, which goes on alone.
    """
    locked = await still_proved(connection, person)
    if isinstance(locked, Refusal):
        return locked
    return await replace_password(connection, locked, password_hash, wall_now, sealer, but=session_id)
