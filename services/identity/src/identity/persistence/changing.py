"""Changing one aggregate: its version grows with each change, under the lock of its row."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection


async def lock(connection: AsyncConnection, table: sa.Table, row_id: UUID) -> sa.Row[Any] | None:
    """The row as it is, locked until the end of the transaction; None when there is none."""
    found = await connection.execute(
        sa.select(table).where(table.c.id == row_id).with_for_update(key_share=True)
    )
    return found.one_or_none()


async def change(connection: AsyncConnection, table: sa.Table, row_id: UUID, **values: Any) -> sa.Row[Any]:
    """Set `values` on a row that exists, as its next version; the row afterwards."""
    changed = await connection.execute(
        sa.update(table)
        .where(table.c.id == row_id)
        .values(version=table.c.version + 1, changed_at=sa.func.now(), **values)
        .returning(table)
    )
    row: sa.Row[Any] = changed.one()
    return row
