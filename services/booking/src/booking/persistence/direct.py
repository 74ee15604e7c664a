"""Statements of the hot path, sent to the driver itself."""

from collections.abc import Mapping

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg as dialect

DriverError = asyncpg.PostgresError
"""What `Direct.row` raises; `sqlstate` holds PostgreSQL's code."""


class Direct:
    """A statement compiled once, with named parameters; JSON goes in as text."""

    def __init__(self, statement: sa.TextClause) -> None:
        compiled = statement.compile(dialect=dialect.dialect())  # type: ignore[no-untyped-call]
        assert isinstance(compiled, sa.sql.compiler.SQLCompiler)
        self.sql = compiled.string
        self.names = tuple(compiled.positiontup or ())

    async def row(self, driver: asyncpg.Connection, parameters: Mapping[str, object]) -> asyncpg.Record:
        """The first row, which there must be. Raises DriverError."""
        return await driver.fetchrow(self.sql, *[parameters[name] for name in self.names])
