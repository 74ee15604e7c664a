"""A broker shared by all tests without their meeting there: each speaks and listens on a topic of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.ids import new_id
from chassis.kafka import ensure_topics
from chassis.provenance import HEADER, Signer
from chassis.testing import EVENT_KEY
from notebook.settings import NotebookSettings

SIGNER = Signer(EVENT_KEY)


def settings_for(runtime: Any, bootstrap: str) -> NotebookSettings:
    """The runtime's settings for this broker, in a context, hence a consumer group, of its own."""
    name = f"notebook-{new_id().hex}"
    alone = type("Alone", (NotebookSettings,), {"context": name})
    known = runtime.settings.model_dump()
    keys = f"{known['event_keys']} {name}:{SIGNER.public_key}"
    values = {**known, "kafka": bootstrap, "event_keys": keys}
    settings: NotebookSettings = alone(**values)
    return settings


async def read_topic(bootstrap: str, topic: str) -> list[ConsumerRecord]:
    """Everything in a topic now, each partition in its order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, fetch_max_wait_ms=50)
    try:
        await consumer.start()
        partitions = [TopicPartition(topic, number) for number in range(3)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        records: list[ConsumerRecord] = []
        for partition, end in (await consumer.end_offsets(partitions)).items():
            while await consumer.position(partition) < end:
                records += (await consumer.getmany(partition, timeout_ms=100)).get(partition, [])
        return records
    finally:
        await consumer.stop()


def values(records: list[ConsumerRecord]) -> list[dict[str, Any]]:
    return [orjson.loads(record.value) for record in records]


async def tell(
    bootstrap: str,
    topic: str,
    *messages: tuple[bytes, bytes],
    partition: int | None = None,
    signer: Signer | None = SIGNER,
) -> None:
    """Put (key, value) messages into a topic, in order, signed by its producer unless somebody else does."""
    proofs = signed(topic, *messages, signer=signer)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=1)
    try:
        await producer.start()
        for (key, value), headers in zip(messages, proofs, strict=True):
            await producer.send_and_wait(topic, value, key, partition=partition, headers=headers)
    finally:
        await producer.stop()


def signed(
    topic: str, *messages: tuple[bytes, bytes], signer: Signer | None = SIGNER
) -> list[list[tuple[str, bytes]]]:
    """The headers that prove each message; none without a signer."""
    if signer is None:
        return [[] for _ in messages]
    return [[(HEADER, proof)] for proof in signer.sign([(topic, *message) for message in messages])]


async def empty_topic(settings: NotebookSettings, topic: str) -> None:
    """What a broker that lost everything looks like: the topic is there, with nothing in it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    try:
        await admin.start()
        await admin.delete_topics([topic])
        while topic in await admin.list_topics():  # noqa: ASYNC110  # the broker tells nobody
            await asyncio.sleep(0.05)
    finally:
        await admin.close()
    await ensure_topics(settings, [topic])


async def eventually(condition: Callable[[], Awaitable[bool]], patience: float = 20) -> None:
    async with asyncio.timeout(patience):
        while not await condition():  # noqa: ASYNC110  # it is other connections' work that is waited for
            await asyncio.sleep(0.02)
