"""Reading topics to their end as they grow, without a group: every replica that is asked to hears everything."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaConnectionError, KafkaError, OffsetOutOfRangeError

from chassis.kafka import broker, close_quietly, ensure_topics, partitions_of
from chassis.live.positions import Partition
from chassis.settings import CommonSettings
from chassis.telemetry import log

_RETRY_SECONDS = 1.0
_LOOK_SECONDS = 30.0
"""How often new partitions are looked for."""


class Begin(Protocol):
    def __call__(self, offsets: Mapping[Partition, int], *, is_anew: bool) -> None: ...


class Reader:
    """Hands on each message after its offset is counted as read, while `wanted` is set."""

    def __init__(
        self,
        settings: CommonSettings,
        topics: Sequence[str],
        begin: Begin,
        hear: Callable[[ConsumerRecord], None],
    ) -> None:
        self._settings = settings
        self._topics = topics
        self._begin = begin
        self._hear = hear
        self.wanted = asyncio.Event()
        self.reading = asyncio.Event()
        """Set from the first connection on, until reading is not wanted any more."""
        self.offsets: dict[Partition, int] = {}
        """The next offset of each partition; empty while it does not read."""

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await either(stop, self.wanted)
            while self._goes_on(stop):
                try:
                    await self._read(stop)
                except (KafkaError, OSError) as error:
                    log.warning("live.interrupted", error=type(error).__name__)
                    await _pause(stop, _RETRY_SECONDS)
            # What happens from now on is not heard: whoever comes back later is told from the database.
            self.reading.clear()
            self.offsets = {}

    def _goes_on(self, stop: asyncio.Event) -> bool:
        return self.wanted.is_set() and not stop.is_set()

    async def _read(self, stop: asyncio.Event) -> None:
        await ensure_topics(self._settings, self._topics)
        consumer = AIOKafkaConsumer(
            **broker(self._settings),
            client_id=f"{self._settings.context}-live",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            # A phone may learn of it a twentieth of a second later; a fetch for each event would cost every
            # replica a tenth of what making the event cost.
            fetch_min_bytes=64 * 1024,
            fetch_max_wait_ms=50,
            metadata_max_age_ms=int(_LOOK_SECONDS * 1000),
        )
        try:
            await consumer.start()
            while self._goes_on(stop):
                await self._assign(consumer)
                await self._read_assigned(consumer, stop)
        finally:
            await close_quietly(consumer)

    async def _assign(self, consumer: AIOKafkaConsumer) -> None:
        """Go on where reading stopped; from the end the first time, and when the broker no longer has that place."""
        partitions = await partitions_of(self._settings, self._topics)
        consumer.assign(partitions)
        firsts = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        kept = {(each.topic, each.partition): each for each in partitions}
        is_lost = any(
            name not in kept or not firsts[kept[name]] <= offset <= ends[kept[name]]
            for name, offset in self.offsets.items()
        )
        if is_lost or not self.offsets:
            is_anew = is_lost
            self.offsets = {name: ends[each] for name, each in kept.items()}
            self._begin(self.offsets, is_anew=is_anew)
            if is_anew:
                log.warning("live.begun_anew")
        for name, each in kept.items():
            # Of a partition that is new since, all is news.
            consumer.seek(each, self.offsets.setdefault(name, firsts[each]))
        self.reading.set()

    async def _read_assigned(self, consumer: AIOKafkaConsumer, stop: asyncio.Event) -> None:
        """Until it has to end or a partition is added."""
        looked_at = time.monotonic()
        while self._goes_on(stop):
            try:
                fetched = await consumer.getmany(timeout_ms=300)
            except RuntimeError as error:  # uvloop's, when a connection is closed under aiokafka
                raise KafkaConnectionError(str(error)) from error
            except OffsetOutOfRangeError:
                return
            for records in fetched.values():
                for record in records:
                    self.offsets[(record.topic, record.partition)] = record.offset + 1
                    self._hear(record)
            if time.monotonic() - looked_at > _LOOK_SECONDS:
                looked_at = time.monotonic()
                known = sum(len(consumer.partitions_for_topic(topic) or ()) for topic in self._topics)
                if known > len(self.offsets):
                    return


async def either(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
