"""Statements on the places that people have signed in from."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Kept
from identity.persistence.records import KnownPlaceRecord
from identity.persistence.tables import known_places

_PLACES = Kept(known_places, KnownPlaceRecord)
_KNOWN = sa.select(sa.literal(1)).where(
    known_places.c.person_id == sa.bindparam("person"),
    known_places.c.place == sa.bindparam("digest"),
    known_places.c.last_seen_at >= sa.bindparam("since"),
)
_REMEMBER = _PLACES.insert.on_conflict_do_update(
    index_elements=[known_places.c.person_id, known_places.c.place],
    set_={"last_seen_at": _PLACES.insert.excluded.last_seen_at},
)
_FORGET = sa.delete(known_places).where(
    known_places.c.person_id == sa.bindparam("person"), known_places.c.last_seen_at < sa.bindparam("since")
)


async def is_known(connection: AsyncConnection, person_id: UUID, place: bytes, since: datetime) -> bool:
    """Has this person signed in from there `since` then?"""
    values = {"person": person_id, "digest": place, "since": since}
    return await connection.scalar(_KNOWN, values) is not None


async def remember(connection: AsyncConnection, place: KnownPlaceRecord, since: datetime) -> None:
    """Know this place from now on; those not seen `since` then are forgotten."""
    await connection.execute(_FORGET, {"person": place.person_id, "since": since})
    await _PLACES.add(connection, place, _REMEMBER)
