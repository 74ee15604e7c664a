"""The embedded PostgreSQL starts, serves, survives a `kill -9`, and says clearly what is wrong."""

import socket
from pathlib import Path

import asyncpg
import pytest

from local_platform.servers.ports import LOOPBACK, free_ports
from local_platform.servers.postgres import LocalPostgres
from local_platform.servers.postgres_access import PostgresAccess
from local_platform.user_error import UserError

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


def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as stranger:
        port = stranger.getsockname()[1]
        with pytest.raises(UserError, match=f"Port {port}, where PostgreSQL should listen, is in use"):
            LocalPostgres(tmp_path / "postgres", port).start()
