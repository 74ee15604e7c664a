"""What the first start of the database server makes: four databases, each for its own role alone."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_platform.servers.ports import free_ports
from local_platform.servers.postgres import ACCESS, INNER_TLS, LocalPostgres
from local_platform.servers.postgres_access import PostgresAccess, binary

from . import composed

pytestmark = pytest.mark.servers

SCRIPT = composed.ROOT / "deploy/postgres/contexts.sh"
CONTEXTS = ("identity", "catalog", "booking", "finance")


def _environment(server: PostgresAccess) -> dict[str, str]:
    """As in the container: the server's programs, the superuser, the roles' passwords."""
    return {
        "PATH": f"{Path(binary('psql')).parent}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": server.host,
        "PGPORT": str(server.port),
        "PGPASSWORD": server.superuser_password,
        **{f"PASS_DATABASE_PASSWORD_{context.upper()}": f"it's {context}'s" for context in CONTEXTS},
    }


def _run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", SCRIPT], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresAccess]:
    """A server of this module's own: the script makes databases of well-known names."""
    (port,) = free_ports(1)
    own = LocalPostgres(tmp_path_factory.mktemp("postgres"), port, durable=False)
    own.start()
    yield own
    own.stop()


@pytest.mark.parametrize("context", CONTEXTS)
def test_nothing_is_made_without_every_password(server: PostgresAccess, context: str) -> None:
    environment = _environment(server)
    del environment[f"PASS_DATABASE_PASSWORD_{context.upper()}"]
    done = _run(environment)
    assert done.returncode != 0
    assert f"PASS_DATABASE_PASSWORD_{context.upper()} is not set" in done.stderr
    assert server.execute("SELECT count(*) FROM pg_database WHERE datname = 'identity'") == "0"


def test_the_server_makes_its_folder_with_the_arguments_that_it_is_given(tmp_path: Path) -> None:
    arguments = composed.services()["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    own = LocalPostgres(tmp_path / "postgres", 0, durable=False)
    own.make_cluster(arguments)
    assert (own.data / "PG_VERSION").exists()


def _is_healthy(server: PostgresAccess) -> bool:
    kind, command = composed.services()["postgres"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    here = command.replace("$$", "$").replace("-h 127.0.0.1", f"-h {server.host} -p {server.port}")
    environment = _environment(server) | {"POSTGRES_PASSWORD": server.superuser_password}
    return (
        subprocess.run(["sh", "-c", here], env=environment, capture_output=True, check=False).returncode == 0
    )


def test_a_server_without_all_of_its_databases_is_not_healthy(server: PostgresAccess) -> None:
    assert not _is_healthy(server)


def test_each_context_has_a_database_of_its_own(server: PostgresAccess) -> None:
    done = _run(_environment(server))
    assert done.returncode == 0, done.stderr
    owners = server.execute(
        "SELECT datname, rolname, rolsuper OR rolcreatedb OR rolcreaterole FROM pg_database "
        "JOIN pg_roles r ON r.oid = datdba WHERE datname = rolname AND datname <> 'postgres' ORDER BY 1"
    )
    assert _is_healthy(server)
    assert owners.splitlines() == [f"{context}|{context}|f" for context in sorted(CONTEXTS)]


def test_a_role_enters_its_own_database_only(server: PostgresAccess) -> None:
    assert _enter(server, "booking", "booking").stdout.strip() == "booking"
    refused = _enter(server, "booking", "finance")
    assert refused.returncode != 0
    assert "permission denied" in refused.stderr


def _enter(server: PostgresAccess, role: str, database: str) -> subprocess.CompletedProcess[str]:
    environment = {**_environment(server), "PGPASSWORD": f"it's {role}'s"}
    command = ["psql", "-X", "-At", "-U", role, "-d", database, "-c", "SELECT current_user"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_image_speaks_tls_as_the_server_that_the_tests_try() -> None:
    """tests/network asks the local one."""
    folder = SCRIPT.parent
    script = (folder / "serve.sh").read_text()
    told = dict(re.findall(r"-c (\w+)=(\S+)", script))
    assert {name: Path(value).name for name, value in told.items()} == INNER_TLS
    for name in ("serve.sh", "take-certificates.sh"):
        checked = subprocess.run(["sh", "-n", folder / name], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
    assert folder / "pg_hba.conf" == ACCESS
