"""Statements on the devices that people have signed in with."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Kept
from identity.persistence.records import KnownDeviceRecord
from identity.persistence.tables import known_devices, sessions

_DEVICES = Kept(known_devices, KnownDeviceRecord)
_KNOWN = sa.select(sa.literal(1)).where(
    known_devices.c.person_id == sa.bindparam("person"), known_devices.c.device == sa.bindparam("digest")
)
_REMEMBER = _DEVICES.insert.on_conflict_do_update(
    index_elements=[known_devices.c.person_id, known_devices.c.device],
    set_={"last_seen_at": _DEVICES.insert.excluded.last_seen_at},
)
_HAS_SIGNED_IN = sa.select(sa.exists().where(sessions.c.person_id == sa.bindparam("person")))


async def is_known(connection: AsyncConnection, person_id: UUID, device: bytes) -> bool:
    """Has this person signed in with it?"""
    return await connection.scalar(_KNOWN, {"person": person_id, "digest": device}) is not None


async def remember(connection: AsyncConnection, device: KnownDeviceRecord) -> None:
    """Know this device from now on."""
    await _DEVICES.add(connection, device, _REMEMBER)


async def has_signed_in(connection: AsyncConnection, person_id: UUID) -> bool:
    """Has this person ever opened a session, by whatever device?"""
    return bool(await connection.scalar(_HAS_SIGNED_IN, {"person": person_id}))
