"""Applying other contexts' events: one database transaction per batch, then the Kafka offset.

A message that cannot be read or applied is tried a few times, then set aside in `dead_letters`
with the reason; the messages behind it go on. So is one that its topic's producer did not sign: it is
not even read. A lost database is not the message's fault: it is
waited for. Every `apply` is "insert, or update where the stored version is lower", which makes
duplicates and reordering harmless.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaConnectionError, KafkaError
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.db import Database, out_of_reach
from chassis.kafka import broker, close_quietly, ensure_topics
from chassis.provenance import NotProven, Producers, proof_among
from chassis.settings import CommonSettings
from chassis.telemetry import DEAD_LETTERS, EVENTS_CONSUMED, log, start_trace

_TRIES = 3
_PAUSE_SECONDS = 0.05
_BATCH = 500
_RETRY_SECONDS = 1.0

_INSERT_DEAD = pg.insert(tables.dead_letters)
_SET_ASIDE = _INSERT_DEAD.on_conflict_do_update(
    # A broker that lost everything counts its offsets from zero again: the newer message replaces the older.
    index_elements=["topic", "partition", "offset"],
    set_={
        "key": _INSERT_DEAD.excluded.key,
        "value": _INSERT_DEAD.excluded.value,
        "proof": _INSERT_DEAD.excluded.proof,
        "reason": _INSERT_DEAD.excluded.reason,
        "failed_at": sa.func.now(),
    },
)
_LETTERS = (
    sa.select(tables.dead_letters)
    .where(tables.dead_letters.c.id > sa.bindparam("after"))
    .order_by(tables.dead_letters.c.id)
    .limit(_BATCH)
)
_FORGET = sa.delete(tables.dead_letters).where(tables.dead_letters.c.id == sa.bindparam("letter"))


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
    passes: bool = False
    """As its `Published` says."""


@dataclass(slots=True)
class Consumer:
    """One consumer group of one service, over all its subscriptions."""

    database: Database
    settings: CommonSettings
    subscriptions: Sequence[Subscription[Any]]
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once partitions are assigned."""
    _by_topic: Mapping[str, Subscription[Any]] = field(init=False)
    _producers: Producers = field(init=False)

    def __post_init__(self) -> None:
        self._producers = self.settings.producers()
        self._by_topic = {subscription.topic: subscription for subscription in self.subscriptions}

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; a lost database or broker is waited for."""
        while not stop.is_set():
            try:
                await self._consume(stop)
            except Exception as error:
                if not isinstance(error, KafkaError) and not out_of_reach(error):
                    raise
                self.ready.clear()
                log.warning("consumer.interrupted", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _consume(self, stop: asyncio.Event) -> None:
        passing = [each.topic for each in self.subscriptions if each.passes]
        await ensure_topics(self.settings, self._by_topic, passing)
        consumer = AIOKafkaConsumer(
            *self._by_topic,
            **broker(self.settings),
            client_id=f"{self.settings.context}-consumer",
            group_id=self.settings.context,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=120_000,
            session_timeout_ms=6_000,  # how long the partitions of a worker that was killed go unread
            heartbeat_interval_ms=2_000,
            fetch_max_wait_ms=200,
            metadata_max_age_ms=30_000,  # how long a topic that somebody made anew may go unheard
        )
        try:
            await consumer.start()
            while not stop.is_set():
                try:
                    fetched = await consumer.getmany(timeout_ms=300, max_records=_BATCH)
                except RuntimeError as error:  # uvloop's, when a connection is closed under aiokafka
                    raise KafkaConnectionError(str(error)) from error
                self.ready.set()
                records = [record for partition in fetched.values() for record in partition]
                if records:
                    await self.apply_batch(records)
                    await consumer.commit()
        finally:
            await close_quietly(consumer)

    async def apply_batch(self, records: Sequence[ConsumerRecord]) -> None:
        """Apply all records, or set aside those that cannot be.

        Raises only when the database itself is out of reach: nothing is then applied.
        """
        readable: list[tuple[ConsumerRecord, Message]] = []
        for record in records:
            try:
                readable.append((record, self._read(record)))
            except (NotProven, ValidationError) as error:
                await self._set_aside(record, describe(error))
        if readable:
            await self._apply(readable)
        for topic, count in Counter(record.topic for record in records).items():
            EVENTS_CONSUMED.labels(topic).inc(count)

    def _read(self, record: ConsumerRecord) -> Message:
        self._producers.check(record.topic, record.key, record.value, proof_among(record.headers))
        message: Message = self._by_topic[record.topic].model.model_validate_json(record.value or b"")
        return message

    async def _apply(self, readable: Sequence[tuple[ConsumerRecord, Message]]) -> None:
        try:
            await self._apply_together(readable)
        except Exception as error:
            if out_of_reach(error):
                raise
            for record, message in readable:
                await self._apply_alone(record, message)

    async def _apply_together(self, readable: Sequence[tuple[ConsumerRecord, Message]]) -> None:
        batches: dict[str, list[Message]] = {}
        for record, message in readable:
            batches.setdefault(record.topic, []).append(message)

        async def apply(connection: AsyncConnection) -> None:
            for topic, messages in batches.items():
                await self._by_topic[topic].apply(connection, messages)

        start_trace(_header(readable[0][0], "traceparent"))
        await self.database.run(apply)

    async def _apply_alone(self, record: ConsumerRecord, message: Message) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                await self._apply_together([(record, message)])
                return
            except Exception as error:
                if out_of_reach(error):
                    raise
                reason = describe(error)
            if attempt < _TRIES:
                await asyncio.sleep(_PAUSE_SECONDS * attempt)
        await self._set_aside(record, reason)

    async def _set_aside(self, record: ConsumerRecord, reason: str) -> None:
        start_trace(_header(record, "traceparent"))
        DEAD_LETTERS.labels(record.topic).inc()
        log.error("consumer.dead_letter", topic=record.topic, offset=record.offset, reason=reason)
        row = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "key": record.key,
            "value": record.value,
            "proof": proof_among(record.headers),
            "reason": reason,
        }
        await self.database.run(lambda connection: connection.execute(_SET_ASIDE, row))


async def replay(
    database: Database, producers: Producers, subscriptions: Sequence[Subscription[Any]]
) -> tuple[int, int]:
    """Try every dead letter again, oldest first; how many were applied and how many are left."""
    by_topic = {subscription.topic: subscription for subscription in subscriptions}
    applied = left = after = 0
    while True:
        async with database.read() as connection:
            letters = (await connection.execute(_LETTERS, {"after": after})).all()
        if not letters:
            return applied, left
        for letter in letters:
            if await _replay_one(database, producers, by_topic.get(letter.topic), letter):
                applied += 1
            else:
                left += 1
        after = letters[-1].id


async def _replay_one(
    database: Database, producers: Producers, subscription: Subscription[Any] | None, letter: Any
) -> bool:
    if subscription is None:
        return False

    async def apply(connection: AsyncConnection) -> None:
        await subscription.apply(connection, [message])
        await connection.execute(_FORGET, {"letter": letter.id})

    try:
        producers.check(letter.topic, letter.key, letter.value, letter.proof)
        message = subscription.model.model_validate_json(letter.value or b"")
        await database.run(apply)
    except Exception as error:
        if out_of_reach(error):
            raise
        log.warning("replay.failed", letter=letter.id, topic=letter.topic, reason=describe(error))
        return False
    return True


def describe(error: Exception) -> str:
    """Why it failed, without any value of the message: values may be personal."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(str(part) for part in problem['loc']) or 'message'}: {problem['type']}"
            for problem in error.errors(include_input=False, include_url=False, include_context=False)
        )
    if isinstance(error, NotProven):
        return str(error)
    if isinstance(error, DBAPIError):
        return f"{type(error).__name__} {type(error.orig).__name__ if error.orig else ''}".strip()
    return type(error).__name__


def _header(record: ConsumerRecord, name: str) -> str | None:
    for key, value in record.headers or ():
        if key == name:
            return bytes(value).decode(errors="replace")
    return None
