"""PostgreSQL through SQLAlchemy Core on asyncpg: one transaction per act, retried when the
database asks for it.
"""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
import orjson
from sqlalchemy.connectors.asyncio import AsyncAdapt_Error
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util.concurrency import greenlet_spawn

from chassis.at_rest import KeyRing, give_ring, ring_of
from chassis.encoding import to_json
from chassis.refusals import Refusal

T = TypeVar("T")

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
UNIQUE_VIOLATION = "23505"
CHECK_VIOLATION = "23514"

NOT_IN_REPERTOIRE = "22021"
"""A text holds U+0000, which PostgreSQL cannot store."""
LOCK_TIMEOUT = "55P03"
STATEMENT_TIMEOUT = "57014"

BUSY = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED, LOCK_TIMEOUT, STATEMENT_TIMEOUT})
"""SQLSTATEs of work that lost against other work and may be asked for again."""

_ATTEMPTS = 5

_AWAY = ("08", "57P", "53", "25006")
"""SQLSTATEs that blame the server, not the statement: connection lost, shutting down or starting,
out of memory, disk or connections, demoted to a read-only replica."""


class Unreachable(ConnectionError):
    """No connection to the database can be had, or the one that was is lost; the cause says why."""


def out_of_reach(error: BaseException) -> bool:
    """Whether the database is away or overloaded, so that the same work may succeed later."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    # A missing file is an OSError too, but nobody's network.
    is_network = isinstance(error, OSError) and error.filename is None
    return is_network or (sqlstate(error) or "").startswith(_AWAY)


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's five-character code of an error, of SQLAlchemy's or the driver's own; None of any other."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state: str | None = getattr(cause, "sqlstate", None)
    return state


def constraint(error: DBAPIError) -> str | None:
    """The name of the constraint that refused the row, when one did."""
    cause = getattr(error.orig, "__cause__", None)
    name: str | None = getattr(cause, "constraint_name", None)
    return name


def _json_text(value: Any) -> str:
    return to_json(value).decode()


def encrypted(tls: ssl.SSLContext | None) -> dict[str, ssl.SSLContext]:
    """Of the driver's arguments the one that says how the server is spoken to; without it as the server likes."""
    return {} if tls is None else {"ssl": tls}


_NO_CONNECTION = (
    DBAPIError,
    AsyncAdapt_Error,
    PoolTimeout,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)
"""What a pool raises that has none to give. An engine puts the dialect's errors into SQLAlchemy's words, a pool that
is asked by itself gives them as they are."""


@asynccontextmanager
async def _connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    connection = engine.connect()
    try:
        await connection.start()
    except _NO_CONNECTION as error:
        raise Unreachable(type(error).__name__) from error
    try:
        yield connection
    finally:
        # The pool gets its connection back even when the request is cancelled meanwhile.
        await asyncio.shield(asyncio.create_task(connection.close()))


class Database:
    """A pool of connections to one context's database, with the keys of what is sealed there."""

    def __init__(
        self,
        url: str,
        ring: KeyRing | None = None,
        *,
        pool_size: int = 10,
        application: str = "pass",
        statement_timeout_ms: int = 15_000,
        lock_timeout_ms: int = 10_000,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`tls`: the server must show a certificate that this believes and that names its host."""
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            hide_parameters=True,  # an error's text must not quote a row
            json_serializer=_json_text,
            json_deserializer=orjson.loads,
            connect_args={
                **encrypted(tls),
                "timeout": 5,
                "server_settings": {
                    "application_name": application,
                    "timezone": "UTC",
                    "statement_timeout": f"{statement_timeout_ms}ms",
                    "lock_timeout": f"{lock_timeout_ms}ms",
                    "idle_in_transaction_session_timeout": "30s",
                },
            },
        )
        if ring is not None:
            give_ring(self.engine.dialect, ring)
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def ring(self) -> KeyRing:
        """The keys of what is sealed here, for what is read past SQLAlchemy."""
        return ring_of(self.engine.dialect)

    async def run(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do `work` in one transaction and return what it returns.

        A returned Refusal rolls back: a refusal has no effect. Serialization failures,
        deadlocks and connections lost before the commit was sent are retried (5 attempts in
        all) with a fresh transaction, so `work` must hold no state of its own between calls.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            committing = False
            try:
                async with _connection(self.engine) as connection:
                    transaction = await connection.begin()
                    result = await work(connection)
                    if isinstance(result, Refusal):
                        await transaction.rollback()
                    else:
                        committing = True
                        await transaction.commit()
                    return result
            except (DBAPIError, asyncpg.PostgresError) as error:
                clash = sqlstate(error) in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED)
                # Once the commit is sent, nobody knows what became of it: doing it again could do it twice.
                lost = isinstance(error, DBAPIError) and error.connection_invalidated and not committing
                if attempt == _ATTEMPTS or not (clash or lost):
                    raise
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading: each statement sees the latest committed state.

        No BEGIN or COMMIT is sent, which saves two round trips; a single statement run here
        is also the cheapest atomic write there is.
        """
        async with _connection(self._autocommit) as connection:
            yield connection

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[asyncpg.Connection]:
        """As `read`, but the driver's own connection: for a hot path whose statements SQLAlchemy compiled before.

        What SQLAlchemy does around a connection and a row costs as much CPU as the rules of a booking.
        Raises the driver's own errors; Unreachable when the connection is lost, whatever the driver says of that.
        """
        pooled = await self._pooled()
        driver: Any = pooled.driver_connection
        try:
            yield driver
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            if driver.is_closed():
                raise Unreachable(type(error).__name__) from error
            raise
        finally:
            await asyncio.shield(asyncio.create_task(greenlet_spawn(pooled.close)))

    async def _pooled(self) -> PoolProxiedConnection:
        """A connection of the pool that is open; those that the server closed while they lay there are let go."""
        try:
            while (pooled := await self.engine.raw_connection()).driver_connection.is_closed():  # type: ignore[union-attr]
                await greenlet_spawn(pooled.invalidate)
        except _NO_CONNECTION as error:
            raise Unreachable(type(error).__name__) from error
        return pooled

    async def close(self) -> None:
        await self.engine.dispose()
