"""The embedded Kafka starts, serves, and comes back after a `kill -9`."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from chassis import kafka_access
from local_platform.servers import certificates
from local_platform.servers.kafka import ACCESS, LocalKafka
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


class _CutShort(LocalKafka):
    """Whoever starts it is killed before the rules are made."""

    def grant_access(self) -> None:
        raise KeyboardInterrupt


async def test_rules_that_a_start_did_not_come_to_are_made_by_the_next(tmp_path: Path) -> None:
    port, controller_port = free_ports(2)
    shown = tmp_path / "certificates"
    certificates.renew(shown)
    where = (tmp_path / "kafka", port, controller_port, None, shown)
    server = LocalKafka(*where)
    try:
        with pytest.raises(KeyboardInterrupt):
            _CutShort(*where).start()
        assert not server.start(), "it runs"
        operator = kafka_access.OperatorSettings(kafka=server.bootstrap, inner_tls=shown / "operator")
        nothing = kafka_access.Change(frozenset(), 0)
        assert await kafka_access.apply(operator, kafka_access.read(ACCESS)) == nothing, (
            "it is as the table says"
        )
    finally:
        server.stop()
