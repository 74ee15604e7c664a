"""The embedded servers start, serve, survive a `kill -9`, and say clearly what is wrong."""

import socket
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from local_platform.ports import LOOPBACK, free_ports
from local_platform.servers import LocalKafka, LocalPostgres
from local_platform.servers.postgres_access import PostgresAccess
from local_platform.testing import KafkaServer
from local_platform.trouble import Trouble

pytestmark = pytest.mark.servers


async def test_a_role_reaches_its_own_database_and_no_other(postgres_server: PostgresAccess) -> None:
    postgres_server.create_database("mine", "me", "s3cret'quoted")
    postgres_server.create_database("theirs", "them", "other")

    connection = await asyncpg.connect(
        host=LOOPBACK, port=postgres_server.port, user="me", password="s3cret'quoted", database="mine"
    )
    assert await connection.fetchval("SELECT lower('ÉTÉ')") == "été"
    assert (await connection.fetchval("SHOW server_version")).startswith("18")
    await connection.close()

    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(postgres_server.dsn("theirs", "me", "s3cret'quoted"))
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres_server.dsn("mine", "me", "wrong"))


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


def test_postgres_keeps_what_was_committed_through_a_kill(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    server = LocalPostgres(tmp_path / "postgres", port)
    try:
        assert server.start()
        server.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
        process = server.daemon.process()
        assert process is not None
        process.kill()
        assert server.start()
        assert server.execute("SELECT id FROM kept") == "7"
        assert not server.start(), "it runs: nothing to start"
    finally:
        assert server.stop()
    assert not server.stop()


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


def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as stranger:
        port = stranger.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port}, where PostgreSQL should listen, is in use"):
            LocalPostgres(tmp_path / "postgres", port).start()
