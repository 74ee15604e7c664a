"""The broker lets each part do what `deploy/kafka/access.toml` says, and nobody else anything."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    TopicAuthorizationFailedError,
)

from chassis import kafka_access
from chassis.ids import new_id
from chassis.inner_tls import AUTHORITY
from chassis.kafka import broker, close_quietly, ensure_topics
from chassis.settings import BrokerSettings
from local_platform.demo.story.scene import LATE
from local_platform.servers.kafka import ACCESS

pytestmark = [pytest.mark.platform, pytest.mark.servers]

TABLE = kafka_access.read(ACCESS)
TOPICS = sorted({topic for access in TABLE.values() for topic in access.produces})
SettingsOf = Callable[..., BrokerSettings]


@asynccontextmanager
async def _producer(settings: BrokerSettings, **how: Any) -> AsyncIterator[AIOKafkaProducer]:
    arguments = {**broker(settings), "acks": "all", "enable_idempotence": True, "request_timeout_ms": 15_000}
    producer = AIOKafkaProducer(**(arguments | how))
    try:
        await producer.start()
        yield producer
    finally:
        await producer.stop()


async def _put(settings: BrokerSettings, topic: str, **how: Any) -> None:
    async with _producer(settings, **how) as producer:
        await producer.send_and_wait(topic, b"{}", b"forged")


async def _read_one(settings: BrokerSettings, topic: str, group: str | None) -> None:
    consumer = AIOKafkaConsumer(topic, **broker(settings), group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
        await asyncio.wait_for(consumer.getone(), LATE)
    finally:
        await close_quietly(consumer)


@pytest.mark.parametrize("part", [*TABLE, "gateway", "door", "postgres"])
async def test_a_part_writes_to_its_own_topics_alone(part: str, settings_of: SettingsOf) -> None:
    """Of what it may read it knows where it is: there it is the writing itself that is refused."""
    own = TABLE[part].produces if part in TABLE else frozenset()
    async with _producer(settings_of(part), enable_idempotence=bool(own)) as producer:
        for topic in sorted(set(TOPICS) - own):
            with pytest.raises(TopicAuthorizationFailedError):
                await producer.send_and_wait(topic, b"{}", b"forged")


@pytest.mark.parametrize("topic", ["booking.booking.v1"])
async def test_who_shows_no_certificate_of_ours_reaches_nothing(
    topic: str, settings_of: SettingsOf, strangers: Path, shown: Path
) -> None:
    booking = settings_of("booking")
    bare = ssl.create_default_context(cafile=str(shown / "booking" / AUTHORITY))
    intruders: dict[str, dict[str, Any]] = {
        "in clear": {"security_protocol": "PLAINTEXT", "ssl_context": None},
        "without a certificate": {"ssl_context": bare},
        "with a stranger's": broker(settings_of("booking", strangers)),
    }
    for how in intruders.values():
        with pytest.raises(KafkaConnectionError):
            await asyncio.wait_for(_put(booking, topic, **how), LATE)


async def test_a_part_reads_with_its_own_group_what_it_is_to_read(settings_of: SettingsOf) -> None:
    search, booking = settings_of("search"), settings_of("booking")
    refused: list[tuple[BrokerSettings, str, str | None, type[Exception]]] = [
        (search, "identity.person.v1", None, TopicAuthorizationFailedError),
        (search, "catalog.offer.v1", "search", GroupAuthorizationFailedError),
        (booking, "catalog.offer.v1", "finance", GroupAuthorizationFailedError),
        (booking, "identity.attachment.v1", "booking", TopicAuthorizationFailedError),
    ]
    for settings, topic, group, reason in refused:
        with pytest.raises(reason):
            await _read_one(settings, topic, group)


async def test_nobody_but_the_operator_makes_topics_or_rules(settings_of: SettingsOf) -> None:
    for part in TABLE:
        settings = settings_of(part)
        with pytest.raises(TopicAuthorizationFailedError):
            await ensure_topics(settings, [f"{part}.new_{new_id().hex}.v1"])
        with pytest.raises(ClusterAuthorizationFailedError):
            await kafka_access.apply(settings, {})


async def test_what_the_table_does_not_say_is_taken_away(settings_of: SettingsOf) -> None:
    operator, door, topic = settings_of("operator"), settings_of("door"), "finance.bank_account.v1"
    assert await kafka_access.apply(operator, TABLE) == kafka_access.Change(frozenset(), 0), (
        "it is as it says"
    )
    more = {**TABLE, "door": kafka_access.Access(produces=frozenset({topic}))}
    assert len((await kafka_access.apply(operator, more)).allowed) == 1
    await _put(door, topic, enable_idempotence=False)
    assert (await kafka_access.apply(operator, TABLE)).taken_away == 1
    with pytest.raises(TopicAuthorizationFailedError):
        await _put(door, topic, enable_idempotence=False)
