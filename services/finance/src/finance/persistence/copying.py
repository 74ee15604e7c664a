"""PostgreSQL's COPY: rows by the thousand in one statement."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

R = TypeVar("R", bound=NamedTuple)


async def copy_into(connection: AsyncConnection, table: sa.Table, rows: Sequence[R]) -> None:
    """Add rows within the connection's transaction; their fields are the columns, in order."""
    if not rows:
        return
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.copy_records_to_table(table.name, records=rows, columns=rows[0]._fields)
