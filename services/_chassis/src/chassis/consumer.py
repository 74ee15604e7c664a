"""Applying other contexts' events: one database transaction per batch, then the Kafka offset.

A message that cannot be read or applied is tried a few times, then set aside in `dead_letters`
with the reason; the messages behind it go on. A lost database is not the message's fault: it is
waited for. Every `apply` is "insert, or update where the stored version is lower", which makes
duplicates and reordering harmless.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.db import Database
from chassis.kafka import ensure_topics
from chassis.settings import CommonSettings
from chassis.telemetry import DEAD_LETTERS, EVENTS_CONSUMED, log, start_trace

_TRIES = 3
_BATCH = 500
_RETRY_SECONDS = 1.0

_DEAD = pg.insert(tables.dead_letters)
_DEAD = _DEAD.on_conflict_do_update(
    index_elements=["topic", "partition", "offset"],
    set_={"reason": _DEAD.excluded.reason, "failed_at": sa.func.now()},
)


class Message(BaseModel):
    """Base of a consumer's own, tolerant model of an event: unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID
    version: int


M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Subscription(Generic[M]):
    """What this service makes of one topic."""

    topic: str
    model: type[M]
    apply: Callable[[AsyncConnection, Sequence[M]], Awaitable[None]]
    """Applies messages in order within the caller's transaction; may be given the same one again."""


@dataclass(slots=True)
class Consumer:
    """One consumer group of one service, over all its subscriptions."""

    database: Database
    settings: CommonSettings
    subscriptions: Sequence[Subscription[Any]]
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once partitions are assigned."""
    _by_topic: Mapping[str, Subscription[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_topic = {subscription.topic: subscription for subscription in self.subscriptions}

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; a lost database or broker is waited for."""
        while not stop.is_set():
            try:
                await self._consume(stop)
            except (TimeoutError, KafkaError, DBAPIError, OSError) as error:
                self.ready.clear()
                log.warning("consumer.interrupted", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _consume(self, stop: asyncio.Event) -> None:
        await ensure_topics(self.settings, self._by_topic)
        consumer = AIOKafkaConsumer(
            *self._by_topic,
            bootstrap_servers=self.settings.kafka,
            client_id=f"{self.settings.context}-consumer",
            group_id=self.settings.context,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=120_000,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            fetch_max_wait_ms=200,
        )
        await consumer.start()
        try:
            while not stop.is_set():
                fetched = await consumer.getmany(timeout_ms=300, max_records=_BATCH)
                self.ready.set()
                records = [record for partition in fetched.values() for record in partition]
                if records:
                    await self.apply_batch(records)
                    await consumer.commit()
        finally:
            await consumer.stop()

    async def apply_batch(self, records: Sequence[ConsumerRecord]) -> None:
        """Apply all records, or set aside those that cannot be.

        Raises only when the database itself is out of reach: nothing is then applied.
        """
        try:
            readable = [(record, self._read(record)) for record in records]
            await self._apply_together(readable)
        except (OperationalError, InterfaceError, OSError):
            raise
        except Exception:
            for record in records:
                await self._apply_alone(record)
        for record in records:
            EVENTS_CONSUMED.labels(record.topic).inc()

    def _read(self, record: ConsumerRecord) -> Message:
        message: Message = self._by_topic[record.topic].model.model_validate_json(record.value or b"")
        return message

    async def _apply_together(self, readable: Sequence[tuple[ConsumerRecord, Message]]) -> None:
        batches: dict[str, list[Message]] = {}
        for record, message in readable:
            batches.setdefault(record.topic, []).append(message)

        async def apply(connection: AsyncConnection) -> None:
            for topic, messages in batches.items():
                await self._by_topic[topic].apply(connection, messages)

        start_trace(_header(readable[0][0], "traceparent"))
        await self.database.run(apply)

    async def _apply_alone(self, record: ConsumerRecord) -> None:
        reason = ""
        for attempt in range(1, _TRIES + 1):
            try:
                await self._apply_together([(record, self._read(record))])
                return
            except (OperationalError, InterfaceError, OSError):
                raise
            except ValidationError as error:
                reason = describe(error)
                break
            except Exception as error:
                reason = describe(error)
                await asyncio.sleep(0.05 * attempt)
        await self._set_aside(record, reason)

    async def _set_aside(self, record: ConsumerRecord, reason: str) -> None:
        DEAD_LETTERS.labels(record.topic).inc()
        log.error("consumer.dead_letter", topic=record.topic, offset=record.offset, reason=reason)
        row = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "key": record.key,
            "value": record.value,
            "reason": reason,
        }
        await self.database.run(lambda connection: connection.execute(_DEAD, row))


async def replay(database: Database, subscriptions: Sequence[Subscription[Any]]) -> tuple[int, int]:
    """Try every dead letter again, oldest first; how many were applied and how many are left."""
    by_topic = {subscription.topic: subscription for subscription in subscriptions}
    applied = 0
    async with database.read() as connection:
        letters = (
            await connection.execute(sa.select(tables.dead_letters).order_by(tables.dead_letters.c.id))
        ).all()
    for letter in letters:
        subscription = by_topic.get(letter.topic)
        if subscription is None:
            continue
        try:
            message = subscription.model.model_validate_json(letter.value or b"")

            async def apply(
                connection: AsyncConnection,
                subscription: Subscription[Any] = subscription,
                message: Message = message,
                letter_id: int = letter.id,
            ) -> None:
                await subscription.apply(connection, [message])
                await connection.execute(
                    sa.delete(tables.dead_letters).where(tables.dead_letters.c.id == letter_id)
                )

            await database.run(apply)
            applied += 1
        except Exception as error:
            log.warning("replay.failed", letter=letter.id, topic=letter.topic, reason=describe(error))
    return applied, len(letters) - applied


def describe(error: Exception) -> str:
    """Why it failed, without any value of the message: values may be personal."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(str(part) for part in problem['loc']) or 'message'}: {problem['type']}"
            for problem in error.errors(include_input=False, include_url=False, include_context=False)
        )
    if isinstance(error, DBAPIError):
        return f"{type(error).__name__} {type(error.orig).__name__ if error.orig else ''}".strip()
    return type(error).__name__


def _header(record: ConsumerRecord, name: str) -> str | None:
    for key, value in record.headers or ():
        if key == name:
            return bytes(value).decode(errors="replace")
    return None
