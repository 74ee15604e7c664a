"""Inside, nobody listens in and nobody is believed without a certificate of our own authority."""

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka.errors import KafkaError
from cryptography import x509
from notebook.settings import NotebookSettings
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chassis import web
from chassis.auth import KeysUnavailable, RemoteKeys
from chassis.db import Database, Unreachable
from chassis.inner_tls import AUTHORITY, OWN, InnerTls, UnusableCertificate
from chassis.kafka import ensure_topics
from chassis.settings import ConfigurationError
from chassis.testing import NO_SERVERS, environment
from local_platform.servers.certificates import Authority, new_authority
from local_platform.servers.ports import free_ports, in_use

NOW = datetime.now(UTC)
HERE = ("localhost", "127.0.0.1")
SOON = 30.0
"""Seconds after which what is waited for will not come any more."""


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority(NOW)


@pytest.fixture(scope="module")
def stranger() -> Authority:
    return new_authority(NOW)


def write(
    folder: Path,
    name: str,
    authority: Authority,
    *,
    hosts: tuple[str, ...] = HERE,
    believed: Authority | None = None,
    now: datetime = NOW,
    lifetime: timedelta = timedelta(days=1),
) -> Path:
    """The folder of a part of this name, found at these hosts beside its name."""
    folder.mkdir(exist_ok=True)
    (folder / OWN).write_bytes(authority.certify(name, (name, *hosts), now, lifetime))
    (folder / AUTHORITY).write_bytes((believed or authority).public)
    return folder


@pytest.fixture
def part(tmp_path: Path, authority: Authority) -> Callable[..., InnerTls]:
    """`part("door", **what differs)`: its certificate, for the connections of this process."""

    def one(name: str, signed_by: Authority = authority, **differing: Any) -> InnerTls:
        return InnerTls(write(tmp_path / name, name, signed_by, **differing), name)

    return one


# --- at the start ---------------------------------------------------------------------------------------------------


def test_what_no_peer_would_believe_does_not_start(
    tmp_path: Path, authority: Authority, stranger: Authority
) -> None:
    long_ago = NOW - timedelta(days=2)
    unusable = {
        "certificate has expired": write(tmp_path / "old", "notebook", authority, now=long_ago),
        "certificate is not yet valid": write(
            tmp_path / "new", "notebook", authority, now=NOW + timedelta(days=1)
        ),
        "unable to get local issuer certificate": write(
            tmp_path / "strange", "notebook", stranger, believed=authority
        ),
        "certificate is not valid for 'notebook'": write(tmp_path / "other", "door", authority),
    }
    for reason, folder in unusable.items():
        with pytest.raises(UnusableCertificate, match=reason):
            InnerTls(folder, "notebook")


@pytest.mark.parametrize("missing", [OWN, AUTHORITY])
def test_what_cannot_be_read_is_named(tmp_path: Path, authority: Authority, missing: str) -> None:
    folder = write(tmp_path / "notebook", "notebook", authority)
    (folder / missing).unlink()
    with pytest.raises(UnusableCertificate, match=f"{missing} cannot be read"):
        InnerTls(folder, "notebook")
    (folder / missing).write_text("nothing of the kind")
    with pytest.raises(UnusableCertificate, match="does not hold a usable"):
        InnerTls(folder, "notebook")


def test_a_key_of_another_certificate_is_refused(tmp_path: Path, authority: Authority) -> None:
    one, other = (authority.certify("notebook", ("notebook",), NOW) for _ in range(2))
    folder = write(tmp_path / "notebook", "notebook", authority)
    key, certificate = (
        one.split(b"-----BEGIN CERT")[0],
        b"-----BEGIN CERT" + other.split(b"-----BEGIN CERT")[1],
    )
    (folder / OWN).write_bytes(key + certificate)
    with pytest.raises(UnusableCertificate, match="KEY_VALUES_MISMATCH"):
        InnerTls(folder, "notebook")


def _refusal(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> str:
    for name, value in environment({**NO_SERVERS, **settings}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as refused:
        NotebookSettings.load()
    return str(refused.value)


def test_production_refuses_to_start_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PASS_INNER_TLS must be set in production" in _refusal(monkeypatch, env="production")


@pytest.mark.parametrize("env", ["development", "test", "production"])
def test_no_mode_starts_with_a_certificate_that_nobody_believes(
    env: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, authority: Authority, stranger: Authority
) -> None:
    folder = write(tmp_path / "notebook", "notebook", stranger, believed=authority)
    jwks = {"jwks_url": "https://identity/"}
    assert "would not be believed" in _refusal(monkeypatch, env=env, inner_tls=str(folder), **jwks)


def test_keys_are_not_taken_in_clear_where_the_rest_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, authority: Authority
) -> None:
    folder = write(tmp_path / "notebook", "notebook", authority)
    assert "PASS_JWKS_URL must begin with https" in _refusal(monkeypatch, inner_tls=str(folder))


# --- as a client ----------------------------------------------------------------------------------------------------


@dataclass
class Impostor:
    """A server that shows some certificate, and speaks nothing but TLS."""

    port: int
    believed: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody took it for what it says it is: the handshake came to its end."""
    spoken: str | None = None
    """What they then said that they speak."""


@asynccontextmanager
async def impostor(folder: Path, *, when_asked: bool) -> AsyncIterator[Impostor]:
    """`when_asked`: TLS begins once a client of PostgreSQL asks for it, else at once."""
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(folder / OWN)
    shown.set_alpn_protocols(["http/1.1"])
    here = Impostor(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if when_asked:
                await reader.readexactly(8)
                writer.write(b"S")
                await writer.start_tls(shown)
            here.spoken = writer.get_extra_info("ssl_object").selected_alpn_protocol()
            here.believed.set()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=None if when_asked else shown)
    here.port = server.sockets[0].getsockname()[1]
    yield here
    server.close()


async def _ask_broker(settings: NotebookSettings) -> None:
    with pytest.raises(KafkaError):
        await ensure_topics(settings, ["notebook.note.v1"])


async def _ask_database(settings: NotebookSettings) -> None:
    tls = settings.inner()
    assert tls is not None
    database = Database(settings.database_url.get_secret_value(), tls=tls.client)
    with pytest.raises(Unreachable):
        await database.run(lambda connection: connection.exec_driver_sql("SELECT 1"))
    await database.close()


async def _ask_for_keys(settings: NotebookSettings) -> None:
    with pytest.raises(KeysUnavailable):
        await RemoteKeys(settings.jwks_url, settings.inner()).key_set(refresh=False)


CLIENTS: dict[str, Callable[[NotebookSettings], Awaitable[None]]] = {
    "broker": _ask_broker,
    "database": _ask_database,
    "another part": _ask_for_keys,
}


@pytest.mark.parametrize("asked", CLIENTS)
@pytest.mark.parametrize("shows", ["its own", "a stranger's", "another name"])
async def test_who_shows_no_certificate_for_the_name_asked_is_not_spoken_to(
    asked: str, shows: str, tmp_path: Path, authority: Authority, stranger: Authority
) -> None:
    shown = {
        "its own": write(tmp_path / "own", "server", authority),
        "a stranger's": write(tmp_path / "strange", "server", stranger),
        "another name": write(tmp_path / "other", "server", authority, hosts=("localhost", "127.0.0.2")),
    }[shows]
    folder = write(tmp_path / "notebook", "notebook", authority)
    async with impostor(shown, when_asked=asked == "database") as server:
        where = f"127.0.0.1:{server.port}"
        await CLIENTS[asked](_asking(where, folder))
        assert server.believed.is_set() == (shows == "its own")


async def test_what_is_said_to_one_is_not_said_to_another(tmp_path: Path, authority: Authority) -> None:
    """A client of HTTP says what it speaks; PostgreSQL hangs up on who says that."""
    own = write(tmp_path / "own", "server", authority)
    folder = write(tmp_path / "notebook", "notebook", authority)
    async with impostor(own, when_asked=False) as part, impostor(own, when_asked=True) as database:
        await _ask_for_keys(_asking(f"127.0.0.1:{part.port}", folder))
        await _ask_database(_asking(f"127.0.0.1:{database.port}", folder))
    assert (part.spoken, database.spoken) == ("http/1.1", None)


def _asking(where: str, folder: Path) -> NotebookSettings:
    """Settings of a process for which everything is at this address."""
    return NotebookSettings(
        **{
            **NO_SERVERS,
            "kafka": where,
            "jwks_url": f"https://{where}/",
            "database_url": f"postgresql+asyncpg://notebook:secret@{where}/notebook",
            "inner_tls": folder,
        }
    )


# --- as a server ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """A process of ours with inner TLS, asked by whom the test wants."""

    address: str
    tls: InnerTls
    folder: Path

    @asynccontextmanager
    async def asked_by(self, who: InnerTls | None) -> AsyncIterator[httpx.AsyncClient]:
        """None: by somebody who shows nothing, but believes the authority."""
        shown = who.http_client if who else ssl.create_default_context(cafile=str(self.folder / AUTHORITY))
        async with httpx.AsyncClient(verify=shown, base_url=self.address, timeout=SOON) as client:
            yield client


@pytest.fixture
async def served(tmp_path: Path, authority: Authority) -> AsyncIterator[Served]:
    async def told(request: Request) -> Response:
        return PlainTextResponse("told")

    folder = write(tmp_path / "served", "notebook", authority)
    (port,) = free_ports(1)
    settings = NotebookSettings(
        **{**NO_SERVERS, "jwks_url": "https://identity/", "inner_tls": folder, "http_port": port}
    )
    tls = settings.inner()
    assert tls is not None
    routes = [Route("/graphql", told), Route("/.well-known/jwks.json", told)]
    serving = asyncio.create_task(web.serve_http(web.build_app(routes=routes, checks={}), settings, port))
    async with asyncio.timeout(SOON):
        while not in_use(port):  # noqa: ASYNC110  # the server tells nobody
            await asyncio.sleep(0.01)
    yield Served(f"https://127.0.0.1:{port}", tls, folder)
    os.kill(os.getpid(), signal.SIGTERM)
    await serving


async def test_who_shows_no_certificate_of_ours_is_not_listened_to(
    served: Served, part: Callable[..., InnerTls], stranger: Authority, authority: Authority
) -> None:
    believing = InnerTls(write(served.folder.parent / "door", "door", stranger, believed=stranger), "door")
    believing.http_client.load_verify_locations(served.folder / AUTHORITY)
    for who in (None, believing):
        async with served.asked_by(who) as client:
            with pytest.raises((httpx.TransportError, ssl.SSLError)):
                await client.get("/healthz")
    async with httpx.AsyncClient(base_url=served.address.replace("https", "http")) as client:
        with pytest.raises(httpx.TransportError):
            await client.get("/healthz")
    async with served.asked_by(part("operator")) as client:
        assert (await client.get("/healthz")).text == "ok"


@pytest.mark.parametrize("name", ["door", "gateway", "operator"])
async def test_who_asks_for_people_and_who_watches_may_ask_anything(
    name: str, served: Served, part: Callable[..., InnerTls]
) -> None:
    async with served.asked_by(part(name)) as client:
        for path in ("/graphql", "/metrics", "/readyz"):
            assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize("name", ["catalog", "search", "kafka", "postgres"])
async def test_a_part_that_was_broken_into_asks_others_for_nothing_but_keys(
    name: str, served: Served, part: Callable[..., InnerTls]
) -> None:
    """It would write whatever address of a client it likes, and guess codes without end."""
    async with served.asked_by(part(name)) as client:
        assert (await client.get("/.well-known/jwks.json")).text == "told"
        for path in ("/graphql", "/metrics", "/files/x", "/v2/bookings"):
            answer = await client.get(path, headers={"x-pass-client-address": "203.0.113.7"})
            assert answer.status_code == 403
            assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_what_is_older_than_tls_1_3_is_not_spoken(
    served: Served, part: Callable[..., InnerTls]
) -> None:
    operator = part("operator")
    assert await _serial_shown(served, operator.client)
    asks = operator.client
    asks.minimum_version = ssl.TLSVersion.TLSv1_2
    asks.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, ConnectionError)):  # an alert, or the end of the connection
        await _serial_shown(served, asks)


@pytest.mark.parametrize("answers", [True, False])
async def test_the_check_of_a_container_asks_with_its_own_certificate(served: Served, answers: bool) -> None:
    port = served.address.rpartition(":")[2] if answers else str(free_ports(1)[0])
    theirs = {**os.environ, "PASS_INNER_TLS": str(served.folder), "PASS_HTTP_PORT": port}
    theirs["PYTHONPATH"] = os.pathsep.join(sys.path)
    probe = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chassis.probe", "PASS_HTTP_PORT"), env=theirs, stderr=asyncio.subprocess.PIPE
    )
    _, said = await probe.communicate()
    assert probe.returncode == (0 if answers else 1)
    assert said.decode() == ("" if answers else "not ready (URLError)\n")


# --- renewing -------------------------------------------------------------------------------------------------------


async def _serial_shown(served: Served, who: ssl.SSLContext) -> int:
    """The number of the certificate that a new connection is shown."""
    host, port = served.address.removeprefix("https://").split(":")
    _, writer = await asyncio.open_connection(host, int(port), ssl=who, server_hostname=host)
    shown = x509.load_der_x509_certificate(writer.get_extra_info("ssl_object").getpeercert(True))
    writer.close()
    return shown.serial_number


async def test_a_renewed_certificate_is_shown_to_who_comes_and_nobody_is_sent_away(
    served: Served, part: Callable[..., InnerTls], authority: Authority
) -> None:
    operator = part("operator")
    before = await _serial_shown(served, operator.client)
    async with served.asked_by(operator) as stays:
        assert (await stays.get("/healthz")).text == "ok"
        write(served.folder, "notebook", authority)
        async with asyncio.timeout(SOON):
            while (after := await _serial_shown(served, operator.client)) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # the server looks at its files now and then
        assert (await stays.get("/healthz")).text == "ok", "on the connection that was open"
    assert after == x509.load_pem_x509_certificate((served.folder / OWN).read_bytes()).serial_number


def test_what_would_not_be_believed_replaces_nothing(
    tmp_path: Path, authority: Authority, stranger: Authority
) -> None:
    folder = write(tmp_path / "notebook", "notebook", authority)
    tls = InnerTls(folder, "notebook")
    write(folder, "notebook", stranger, believed=authority)
    assert not tls.renew()
    (folder / OWN).unlink()
    assert not tls.renew(), "half of a change"
    write(folder, "notebook", authority)
    assert tls.renew()
    assert not tls.renew(), "once for each change"


async def test_an_authority_is_replaced_while_all_go_on(
    served: Served, tmp_path: Path, authority: Authority, stranger: Authority
) -> None:
    """The next one is shown beside the old one first; then certificates are signed by it."""
    both = authority.public + stranger.public
    folder = write(tmp_path / "operator", "operator", authority)
    operator = InnerTls(folder, "operator")
    for each in (folder, served.folder):
        (each / AUTHORITY).write_bytes(both)
    assert operator.renew()
    assert served.tls.renew()
    for each, name in ((folder, "operator"), (served.folder, "notebook")):
        (each / OWN).write_bytes(stranger.certify(name, (name, *HERE), NOW, timedelta(days=1)))
    assert operator.renew()
    assert served.tls.renew()
    async with served.asked_by(operator) as client:
        assert (await client.get("/healthz")).text == "ok"
