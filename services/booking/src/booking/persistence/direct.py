"""Statements of the hot path, sent to the driver itself.

On a pooled connection like all others, but past the cursor and result machinery of SQLAlchemy,
which costs 0.2 of the 0.55 ms of CPU that reading and writing a booking took.
"""

from collections.abc import Mapping
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.ext.asyncio import AsyncConnection

DriverError = asyncpg.PostgresError
"""What `Direct.row` raises; `sqlstate` holds PostgreSQL's code."""


class Direct:
    """A statement compiled once, with named parameters; JSON goes in as text."""

    def __init__(self, statement: sa.TextClause) -> None:
        compiled = statement.compile(dialect=dialect.dialect())  # type: ignore[no-untyped-call]
        assert isinstance(compiled, sa.sql.compiler.SQLCompiler)
        self.sql = compiled.string
        self.names = tuple(compiled.positiontup or ())

    async def row(self, connection: AsyncConnection, parameters: Mapping[str, object]) -> asyncpg.Record:
        """The first row, which there must be. Raises DriverError."""
        driver = await _driver(connection)
        return await driver.fetchrow(self.sql, *[parameters[name] for name in self.names])


async def _driver(connection: AsyncConnection) -> Any:
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    if driver.is_closed():
        # The server went away while the connection lay in the pool: take a fresh one.
        await connection.invalidate()
        driver = (await connection.get_raw_connection()).driver_connection
    return driver
