"""What producers and consumers share about the broker: topics exist before they are used."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from chassis.settings import BrokerSettings
from chassis.telemetry import log

PASSING_FOR: Final = timedelta(days=1)


def broker(settings: BrokerSettings) -> dict[str, Any]:
    """Where the broker is and how it is spoken to: the arguments that every client of it begins with."""
    tls = settings.inner()
    how = {} if tls is None else {"security_protocol": "SSL", "ssl_context": tls.client}
    return {"bootstrap_servers": settings.kafka, **how}


async def ensure_topics(
    settings: BrokerSettings, topics: Iterable[str], passing: Collection[str] = ()
) -> None:
    """Create the missing topics, compacted: each keeps at least the latest state of every aggregate.

    Those in `passing` keep it for a day: what they say matters no longer by then. Whoever comes first creates
    them, so that a consumer never waits for its producer's first event. Where the broker knows who asks, that is
    the operator (`chassis.kafka_access`): nobody else may.
    """
    kept = {"cleanup.policy": "compact"}
    kept_for_a_day = {
        "cleanup.policy": "compact,delete",
        "retention.ms": str(PASSING_FOR // timedelta(milliseconds=1)),
    }
    admin = AIOKafkaAdminClient(**broker(settings), request_timeout_ms=10_000)
    try:
        await admin.start()
        missing = sorted(set(topics) - set(await admin.list_topics()))
        if not missing:
            return
        response = await admin.create_topics(
            [
                NewTopic(
                    name=topic,
                    num_partitions=settings.kafka_partitions,
                    replication_factor=settings.kafka_replication,
                    topic_configs={
                        **(kept_for_a_day if topic in passing else kept),
                        "min.insync.replicas": str(max(1, settings.kafka_replication - 1)),
                    },
                )
                for topic in missing
            ]
        )
        for _, code, *_rest in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"cannot create a topic: {error.description}")
    finally:
        await admin.close()


async def partitions_of(settings: BrokerSettings, topics: Iterable[str]) -> list[TopicPartition]:
    """The partitions of these topics. Raises KafkaError when one of them cannot be had."""
    admin = AIOKafkaAdminClient(**broker(settings), request_timeout_ms=10_000)
    try:
        await admin.start()
        described = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    for each in described:
        if each["error_code"]:
            raise for_code(each["error_code"])
    return [
        TopicPartition(each["topic"], partition["partition"])
        for each in described
        for partition in each["partitions"]
    ]


async def close_quietly(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Stop a client whatever becomes of it.

    While the broker is away aiokafka's own `stop` may end in a CancelledError that nobody asked for:
    it would pass for a cancellation of the caller, whose task would end without a word.
    """
    stopping = asyncio.ensure_future(client.stop())
    await asyncio.wait([stopping])
    if not stopping.cancelled() and (error := stopping.exception()) is not None:
        log.warning("kafka.stop_failed", error=type(error).__name__)
