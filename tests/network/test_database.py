"""The database lets a context in by TLS, with its password and a certificate that names its role: with all three."""

import asyncio
import ssl
import struct
import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography import x509

from chassis.inner_tls import AUTHORITY, OWN, inner_tls
from local_platform.demo.story.scene import LATE
from local_platform.platform.own_secrets import CONTEXTS
from local_platform.platform.platform import Platform
from local_platform.servers import certificates
from local_platform.servers.parts import PostgresPart
from local_platform.servers.postgres_access import binary

ASKING_FOR_TLS = 80_877_103
"""What PostgreSQL's protocol has in the place of a version, to begin with TLS."""

pytestmark = [pytest.mark.platform, pytest.mark.servers]


async def _enter(platform: Platform, role: str, tls: ssl.SSLContext | bool, **differing: Any) -> str:
    """Whom the server takes this for."""
    url = platform.settings_of(role)[f"PASS_DATABASE_URL_{role.upper()}"].replace("+asyncpg", "")
    connection = await asyncpg.connect(url, **{"ssl": tls, **differing})
    try:
        who: str = await connection.fetchval(
            "SELECT current_user || ' ' || version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"
        )
    finally:
        await connection.close()
    return who


@pytest.mark.parametrize("role", CONTEXTS)
async def test_a_context_enters_by_tls(role: str, secured: Platform, shown: Path) -> None:
    assert await _enter(secured, role, inner_tls(shown / role, role).client) == f"{role} TLSv1.3"


async def test_nobody_enters_in_clear(secured: Platform) -> None:
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        await _enter(secured, "booking", False)


async def test_a_password_without_a_certificate_is_not_enough(secured: Platform, shown: Path) -> None:
    bare = ssl.create_default_context(cafile=str(shown / "booking" / AUTHORITY))
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="certificate"):
        await _enter(secured, "booking", bare)


async def test_a_stolen_password_is_of_no_use_to_another_context(secured: Platform, shown: Path) -> None:
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await _enter(secured, "finance", inner_tls(shown / "catalog", "catalog").client)


async def test_a_certificate_without_the_password_is_not_enough(secured: Platform, shown: Path) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await _enter(secured, "booking", inner_tls(shown / "booking", "booking").client, password="guessed")


async def test_a_strangers_certificate_is_refused(secured: Platform, strangers: Path) -> None:
    with pytest.raises((OSError, asyncpg.PostgresError)):
        await _enter(secured, "booking", inner_tls(strangers / "booking", "booking").client)


async def test_a_server_of_strangers_is_given_no_password(secured: Platform, strangers: Path) -> None:
    """The client refuses what it finds, before it says who it is."""
    wary = ssl.create_default_context(cafile=str(_authority_alone(strangers)))
    wary.load_cert_chain(strangers / "booking" / OWN)
    with pytest.raises(ssl.SSLCertVerificationError):
        await _enter(secured, "booking", wary)


def _authority_alone(strangers: Path) -> Path:
    return strangers / "authority" / AUTHORITY


def test_by_the_socket_a_role_enters_its_own_database_and_no_other(secured: Platform) -> None:
    """As `./pass psql` does: its psql speaks no TLS, and only who is on the server's machine reaches the socket."""
    part = secured.part("postgres")
    assert isinstance(part, PostgresPart)
    known = part.databases["booking"]
    assert _psql(part.server.dsn("booking", "booking", known)).stdout.strip() == "booking"
    for database, role, password in (
        ("finance", "booking", known),
        ("booking", "booking", "guessed"),
        ("booking", "finance", part.databases["finance"]),
    ):
        assert _psql(part.server.dsn(database, role, password)).returncode != 0


def _psql(address: str) -> subprocess.CompletedProcess[str]:
    command = [binary("psql"), "-X", "-At", "-w", "-c", "SELECT current_user", address]
    return subprocess.run(command, capture_output=True, text=True, check=False)


async def test_a_renewed_certificate_is_shown_and_nobody_is_sent_away(secured: Platform, shown: Path) -> None:
    part = secured.part("postgres")
    assert isinstance(part, PostgresPart)
    tls = inner_tls(shown / "identity", "identity").client
    url = secured.settings_of("identity")["PASS_DATABASE_URL_IDENTITY"].replace("+asyncpg", "")
    stays = await asyncpg.connect(url, ssl=tls)
    before = await _serial_shown(secured, tls)
    (shown / "postgres" / OWN).unlink()
    assert certificates.renew(shown) == ["postgres"]
    part.server.take_certificates()
    async with asyncio.timeout(LATE):
        while await _serial_shown(secured, tls) == before:  # noqa: ASYNC110  # it reads when it comes to it
            await asyncio.sleep(0.1)
    assert await _enter(secured, "identity", tls) == "identity TLSv1.3"
    assert await stays.fetchval("SELECT 1") == 1
    await stays.close()


async def _serial_shown(platform: Platform, tls: ssl.SSLContext) -> int:
    """The number of the certificate that a new connection is shown."""
    reader, writer = await asyncio.open_connection("127.0.0.1", platform.ports["postgres"])
    writer.write(struct.pack(">ii", 8, ASKING_FOR_TLS))
    assert await reader.readexactly(1) == b"S"
    await writer.start_tls(tls, server_hostname="127.0.0.1")
    own = x509.load_der_x509_certificate(writer.get_extra_info("ssl_object").getpeercert(True))
    writer.close()
    return own.serial_number
