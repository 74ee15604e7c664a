"""Offers as rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence.records import OfferRecord
from catalog.persistence.tables import offers

_ADD = sa.insert(offers).returning(offers)
_FIND = sa.select(offers).where(offers.c.id == sa.bindparam("offer"))
_LOCK = _FIND.with_for_update()
_SHARE = _FIND.with_for_update(read=True)
_PUBLISH = (
    sa.update(offers)
    .where(offers.c.id == sa.bindparam("offer"))
    .values(
        version=offers.c.version + 1,
        validation=sa.bindparam("new_validation"),
        is_active=sa.bindparam("new_is_active"),
        published_at=sa.bindparam("new_published_at"),
        changed_at=sa.func.now(),
    )
    .returning(offers)
)


async def add_offer(connection: AsyncConnection, row: Mapping[str, Any]) -> OfferRecord:
    return OfferRecord(*(await connection.execute(_ADD, dict(row))).one())


async def lock_offer(connection: AsyncConnection, offer_id: UUID) -> OfferRecord | None:
    """The offer, locked until the end of the transaction: its stocks are then counted exactly."""
    return await _one(connection, _LOCK, offer_id)


async def share_offer(connection: AsyncConnection, offer_id: UUID) -> OfferRecord | None:
    """The offer, held as it is until the end of the transaction."""
    return await _one(connection, _SHARE, offer_id)


async def _one(connection: AsyncConnection, statement: sa.Select[Any], offer_id: UUID) -> OfferRecord | None:
    row = (await connection.execute(statement, {"offer": offer_id})).one_or_none()
    return None if row is None else OfferRecord(*row)


async def write_publication(
    connection: AsyncConnection,
    offer_id: UUID,
    *,
    validation: str,
    is_active: bool,
    published_at: datetime | None,
) -> OfferRecord:
    """The offer's row after its publication has changed."""
    values = {
        "offer": offer_id,
        "new_validation": validation,
        "new_is_active": is_active,
        "new_published_at": published_at,
    }
    return OfferRecord(*(await connection.execute(_PUBLISH, values)).one())
