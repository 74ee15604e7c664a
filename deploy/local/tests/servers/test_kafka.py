"""The embedded Kafka starts, serves, and comes back after a `kill -9`."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from local_platform.servers.kafka import LocalKafka
from local_platform.servers.ports import free_ports
from local_platform.testing import KafkaServer

pytestmark = pytest.mark.servers


async def test_an_event_sent_is_an_event_received(kafka_server: KafkaServer) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=kafka_server.bootstrap, acks="all", enable_idempotence=True
    ) as producer:
        await producer.send_and_wait("smoke.thing.v1", b"{}", key=b"1")
    async with AIOKafkaConsumer(
        "smoke.thing.v1",
        bootstrap_servers=kafka_server.bootstrap,
        group_id="smoke",
        auto_offset_reset="earliest",
    ) as consumer:
        assert (await consumer.getone()).value == b"{}"


def test_kafka_comes_back_after_a_kill(tmp_path: Path) -> None:
    port, controller_port = free_ports(2)
    server = LocalKafka(tmp_path / "kafka", port, controller_port)
    try:
        assert server.start()
        process = server.daemon.process()
        assert process is not None
        process.kill()
        assert server.start()
    finally:
        server.stop()
