"""How each partition begins: by this a log is told from another one that has taken its place."""

from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.kafka import broker, close_quietly
from chassis.settings import CommonSettings
from search.state.store import LogBeginning

_A_FEW_RECORDS = 16 * 1024
_ROUNDS = 20
_ROUND_MILLISECONDS = 500


async def beginnings(settings: CommonSettings, partitions: Collection[TopicPartition]) -> list[LogBeginning]:
    """The first record of each of these partitions, which have some.

    Raises KafkaError and TimeoutError. A partition that shows none for ten seconds is left out: it is asked again at
    the next look.
    """
    if not partitions:
        return []
    consumer = AIOKafkaConsumer(
        **broker(settings),
        client_id="search-beginnings",
        group_id=None,
        enable_auto_commit=False,
        max_partition_fetch_bytes=_A_FEW_RECORDS,
    )
    await consumer.start()
    try:
        consumer.assign(list(partitions))
        wanted = set(partitions)
        await consumer.seek_to_beginning(*wanted)
        found: list[LogBeginning] = []
        for _ in range(_ROUNDS):
            if not wanted:
                break
            fetched = await consumer.getmany(*wanted, timeout_ms=_ROUND_MILLISECONDS, max_records=1)
            for partition, (first, *_rest) in fetched.items():
                where = partition.topic, partition.partition
                found.append(LogBeginning(*where, first.offset, first.timestamp))
                wanted.discard(partition)
                consumer.pause(partition)
        return found
    finally:
        await close_quietly(consumer)
