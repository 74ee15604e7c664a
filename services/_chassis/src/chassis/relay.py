"""The relay: takes committed events out of the outbox and gives them to Kafka, in order.

One relay per service is active (advisory lock); others stand by. It never asks for "ids after
the last seen": a transaction with a low id may commit after one with a higher id, and nothing
but deletion after acknowledgement says that a row is done.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.clock import iso
from chassis.db import Database, out_of_reach
from chassis.kafka import broker, close_quietly, ensure_topics
from chassis.provenance import HEADER, Signer
from chassis.settings import ServiceSettings
from chassis.telemetry import EVENTS_RELAYED, OUTBOX_LAG, log

_LOCK = 0x6F75_7462
_BATCH = 1000
_BUSY_SECONDS = 0.02
_IDLE_SECONDS = 0.1
_RETRY_SECONDS = 1.0

_FETCH = (
    sa.select(
        tables.outbox.c.id,
        tables.outbox.c.topic,
        tables.outbox.c.key,
        tables.outbox.c.type,
        tables.outbox.c.payload,
        tables.outbox.c.trace,
        tables.outbox.c.created_at,
    )
    .order_by(tables.outbox.c.id)
    .limit(_BATCH)
)
_DELETE = sa.text("DELETE FROM outbox WHERE id = ANY(:ids)")
_TRY_LOCK = sa.text("SELECT pg_try_advisory_lock(:lock)")


class Relay:
    def __init__(
        self,
        database: Database,
        settings: ServiceSettings,
        topics: Sequence[str],
        passing: Collection[str] = (),
    ) -> None:
        self._database = database
        self._settings = settings
        self._topics = topics
        self._passing = passing
        self._source = f"/{settings.context}".encode()
        self._signer: Signer = settings.signer()

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set; a lost database or broker is waited for, nothing is lost."""
        while not stop.is_set():
            try:
                await self._relay(stop)
            except Exception as error:
                if not isinstance(error, KafkaError) and not out_of_reach(error):
                    raise
                log.warning("relay.interrupted", error=type(error).__name__)
                await _pause(stop, _RETRY_SECONDS)

    async def _relay(self, stop: asyncio.Event) -> None:
        async with self._database.read() as connection:
            while not await connection.scalar(_TRY_LOCK, {"lock": _LOCK}):
                if await _pause(stop, _RETRY_SECONDS):
                    return
            try:
                await self._relay_while_leader(connection, stop)
            finally:
                # Back in the pool this connection would go on holding the lock.
                await connection.invalidate()

    async def _relay_while_leader(self, connection: AsyncConnection, stop: asyncio.Event) -> None:
        await ensure_topics(self._settings, self._topics, self._passing)
        producer = AIOKafkaProducer(
            **broker(self._settings),
            client_id=f"{self._settings.context}-relay",
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            max_batch_size=256 * 1024,
            request_timeout_ms=15_000,
        )
        try:
            await producer.start()
            while not stop.is_set():
                relayed = await self.relay_once(connection, producer)
                if relayed < _BATCH:
                    await _pause(stop, _BUSY_SECONDS if relayed else _IDLE_SECONDS)
        finally:
            await close_quietly(producer)

    async def relay_once(self, connection: AsyncConnection, producer: AIOKafkaProducer) -> int:
        """Publish one batch, wait for every acknowledgement, delete it; how many rows it held."""
        rows = (await connection.execute(_FETCH)).all()
        if not rows:
            OUTBOX_LAG.set(0)
            return 0
        OUTBOX_LAG.set((datetime.now(UTC) - rows[0].created_at).total_seconds())
        messages = [(row.topic, str(row.key).encode(), row.payload) for row in rows]
        proofs = self._signer.sign(messages)
        # One producer, in order: events of one key go to one partition and keep their order.
        deliveries = [
            await producer.send(topic, value, key, headers=[*self._headers(row), (HEADER, proof)])
            for row, (topic, key, value), proof in zip(rows, messages, proofs, strict=True)
        ]
        await asyncio.gather(*deliveries)
        await connection.execute(_DELETE, {"ids": [row.id for row in rows]})
        for topic, count in Counter(row.topic for row in rows).items():
            EVENTS_RELAYED.labels(topic).inc(count)
        return len(rows)

    def _headers(self, row: Any) -> list[tuple[str, bytes]]:
        at = str(iso(row.created_at)).encode()
        return [
            ("ce_specversion", b"1.0"),
            # The same for a row that is sent again after a crash, never the same for two rows.
            ("ce_id", b"%b-%d" % (at, row.id)),
            ("ce_type", row.type.encode()),
            ("ce_source", self._source),
            ("ce_time", at),
            ("traceparent", row.trace.encode()),
            ("content-type", b"application/json"),
        ]


async def _pause(stop: asyncio.Event, seconds: float) -> bool:
    """Wait; True when asked to stop meanwhile."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
