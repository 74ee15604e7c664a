"""PostgreSQL through SQLAlchemy Core on asyncpg: one transaction per act, retried when the
database asks for it.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import orjson
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chassis.refusals import Refusal

T = TypeVar("T")

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
UNIQUE_VIOLATION = "23505"
CHECK_VIOLATION = "23514"

_ATTEMPTS = 5


def sqlstate(error: DBAPIError) -> str | None:
    """PostgreSQL's five-character code of a database error."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def constraint(error: DBAPIError) -> str | None:
    """The name of the constraint that refused the row, when one did."""
    cause = getattr(error.orig, "__cause__", None)
    name: str | None = getattr(cause, "constraint_name", None)
    return name


def _json_text(value: Any) -> str:
    return orjson.dumps(value).decode()


class Database:
    """A pool of connections to one context's database."""

    def __init__(self, url: str, *, pool_size: int = 10, application: str = "pass") -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            json_serializer=_json_text,
            json_deserializer=orjson.loads,
            connect_args={
                "timeout": 5,
                "server_settings": {
                    "application_name": application,
                    "timezone": "UTC",
                    "statement_timeout": "15s",
                    "lock_timeout": "10s",
                    "idle_in_transaction_session_timeout": "30s",
                },
            },
        )
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    async def run(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do `work` in one transaction and return what it returns.

        A returned Refusal rolls back: a refusal has no effect. Serialization failures and
        deadlocks are retried (5 attempts in all) with a fresh transaction, so `work` must
        hold no state of its own between calls.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                async with self.engine.connect() as connection:
                    transaction = await connection.begin()
                    result = await work(connection)
                    if isinstance(result, Refusal):
                        await transaction.rollback()
                    else:
                        await transaction.commit()
                    return result
            except DBAPIError as error:
                if sqlstate(error) not in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED) or attempt == _ATTEMPTS:
                    raise
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading: each statement sees the latest committed state.

        No BEGIN or COMMIT is sent, which saves two round trips; a single statement run here
        is also the cheapest atomic write there is.
        """
        async with self._autocommit.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self.engine.dispose()
