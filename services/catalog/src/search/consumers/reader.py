"""Reading the topics, alone: no consumer group, every replica reads every partition.

Offsets live with the state they led to. While catching up, messages are only kept; once at the
ends seen at the start, documents follow within 300 ms of the change, at once after a pause.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.kafka import broker, close_quietly, ensure_topics, partitions_of
from chassis.telemetry import log
from search.consumers.beginnings import beginnings
from search.consumers.catching_up import CatchingUp
from search.consumers.indexer import Indexer
from search.consumers.subscriptions import MESSAGES
from search.settings import SearchSettings

_BATCH = 2_000
_INDEX_EVERY_SECONDS = 0.3
_SWEEP_EVERY_SECONDS = 2.0
_RETRY_SECONDS = 1.0

PENDING = Gauge("search_pending_offers", "Offers whose documents may be out of date")
UNREAD = Gauge("search_unread_partitions", "Partitions not yet read to the end they had at the start")

T = TypeVar("T")


@dataclass(slots=True)
class Reader:
    """Feeds the indexer until it is stopped. `thread` must be one thread: state and index have one writer."""

    indexer: Indexer
    settings: SearchSettings
    clock: Clock
    thread: Executor
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once everything that was in the topics at the start can be found."""

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop` is set; a lost broker is waited for."""
        while not stop.is_set():
            try:
                await self._read(stop)
            except (TimeoutError, KafkaError, OSError) as error:
                log.warning("search.reader_interrupted", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _read(self, stop: asyncio.Event) -> None:
        await ensure_topics(self.settings, MESSAGES)
        consumer = AIOKafkaConsumer(
            **broker(self.settings),
            client_id="search",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=500,
        )
        await consumer.start()
        try:
            partitions = set(await partitions_of(self.settings, MESSAGES))
            await self._follow(consumer, await self._assign(consumer, partitions), stop)
        finally:
            await close_quietly(consumer)

    async def _assign(
        self, consumer: AIOKafkaConsumer, partitions: set[TopicPartition]
    ) -> CatchingUp[TopicPartition]:
        """Take these partitions, which are all, each where this replica left off."""
        begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        with_records = [partition for partition in partitions if ends[partition] > begins[partition]]
        found = await beginnings(self.settings, with_records)
        await self._on_thread(partial(self.indexer.begin, found))
        known = {
            TopicPartition(p.topic, p.partition): p for p in await self._on_thread(self.indexer.positions)
        }
        consumer.assign(partitions)
        catching_up = CatchingUp(begins, ends, known)
        for partition, offset in catching_up.seeks.items():
            consumer.seek(partition, offset)
        return catching_up

    async def _follow(
        self, consumer: AIOKafkaConsumer, catching_up: CatchingUp[TopicPartition], stop: asyncio.Event
    ) -> None:
        index_at = sweep_at = time.monotonic()
        look_again_at = index_at + self.settings.look_again_seconds
        work_left = True
        while not stop.is_set():
            wait = min(index_at, sweep_at) if work_left and catching_up.done else sweep_at
            fetched = await consumer.getmany(timeout_ms=_milliseconds_until(wait), max_records=_BATCH)
            for partition in catching_up.replaced(fetched):
                log.warning("search.log_replaced", topic=partition.topic, partition=partition.partition)
                await consumer.seek_to_beginning(partition)
                del fetched[partition]
            if fetched:
                records: list[ConsumerRecord] = [record for batch in fetched.values() for record in batch]
                await self._on_thread(partial(self.indexer.absorb, records))
                catching_up.advance(fetched)
                work_left = True
            now = time.monotonic()
            if now >= look_again_at:
                partitions = set(await partitions_of(self.settings, MESSAGES))
                if partitions != consumer.assignment():
                    log.info("search.partitions_changed")
                    return
                # A log that was lost and has grown as long again meanwhile looks like the one that was read.
                catching_up = await self._assign(consumer, partitions)
                look_again_at = now + self.settings.look_again_seconds
            UNREAD.set(catching_up.unread)
            if not catching_up.done:
                sweep_at = now + _SWEEP_EVERY_SECONDS
                continue
            if now >= sweep_at:
                work_left |= await self._on_thread(partial(self.indexer.sweep, self.clock.now())) > 0
                sweep_at = now + _SWEEP_EVERY_SECONDS
            if work_left and now >= index_at:
                work_left = await self._on_thread(partial(self.indexer.index_pending, self.clock.now()))
                PENDING.set(await self._on_thread(self.indexer.pending) if work_left else 0)
                index_at = now if work_left else time.monotonic() + _INDEX_EVERY_SECONDS
            if not work_left:
                self.ready.set()

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)


def _milliseconds_until(instant: float) -> int:
    return max(0, round((instant - time.monotonic()) * 1000))
