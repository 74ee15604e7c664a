"""TLS by a switch."""

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from local_platform.servers import door
from local_platform.servers.ports import free_ports

from .doors import settings_of

pytestmark = pytest.mark.servers


def test_one_setting_puts_the_same_door_behind_tls(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    switched = {"PASS_DOOR_SITE": f"https://localhost:{port}", "PASS_DOOR_TLS": "internal"}
    with (tmp_path / "door.log").open("w") as log:
        running = subprocess.Popen(
            door.COMMAND, env=settings_of(tmp_path) | switched, cwd=door.SOURCE, stdout=log, stderr=log
        )
    try:
        authority = tmp_path / "caddy/pki/authorities/local/root.crt"
        _await(authority, running)
        context = ssl.create_default_context(cafile=str(authority))
        with httpx.Client(verify=context, transport=httpx.HTTPTransport(verify=context, retries=5)) as client:
            assert client.get(f"https://localhost:{port}/healthz").text == "ok"
            assert client.get(f"https://localhost:{port}/confirmation").status_code == 200
    finally:
        running.terminate()
        running.wait()


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A door with a certificate of its own: its port, and the certificate."""
    folder = tmp_path_factory.mktemp("tls")
    (port,) = free_ports(1)
    certificate, key = _self_signed(folder)
    settings = {
        "PASS_DOOR_SITE": f"https://localhost:{port}",
        "PASS_DOOR_TLS": "files",
        "PASS_DOOR_CERTIFICATE": str(certificate),
        "PASS_DOOR_KEY": str(key),
    }
    with (folder / "door.log").open("w") as log:
        running = subprocess.Popen(
            door.COMMAND, env=settings_of(folder) | settings, cwd=door.SOURCE, stdout=log, stderr=log
        )
    try:
        with httpx.Client(verify=ssl.create_default_context(cafile=str(certificate))) as client:
            _until_it_listens(client, f"https://localhost:{port}/healthz", running)
        yield port, certificate
    finally:
        running.terminate()
        running.wait()


def test_a_browser_that_came_by_tls_once_comes_by_nothing_else(behind_tls: tuple[int, Path]) -> None:
    port, certificate = behind_tls
    with httpx.Client(verify=ssl.create_default_context(cafile=str(certificate))) as client:
        for path in ("/healthz", "/confirmation", "/nowhere", "/graphql"):
            told = client.get(f"https://localhost:{port}{path}").headers["strict-transport-security"]
            assert told == "max-age=31536000; includeSubDomains", path


def _agreed(behind_tls: tuple[int, Path], least: ssl.TLSVersion, most: ssl.TLSVersion, ciphers: str) -> str:
    """The version of TLS that a client of this kind and the door agree on. Raises SSLError."""
    port, certificate = behind_tls
    context = ssl.create_default_context(cafile=str(certificate))
    # At level 0 this side would take anything: what is refused is refused by the door.
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = least, most
    with (
        socket.create_connection(("localhost", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        return str(secured.version())


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_the_latest_tls_is_preferred_and_nothing_older_than_the_last_but_one_taken(
    behind_tls: tuple[int, Path],
) -> None:
    version = ssl.TLSVersion
    assert _agreed(behind_tls, version.TLSv1, version.TLSv1_3, "ALL") == "TLSv1.3"
    assert _agreed(behind_tls, version.TLSv1, version.TLSv1_2, "ALL") == "TLSv1.2"
    for old in (version.TLSv1, version.TLSv1_1):
        with pytest.raises(ssl.SSLError, match="ALERT"):
            _agreed(behind_tls, old, old, "ALL")


@pytest.mark.parametrize("ciphers", ["kRSA", "AES256-SHA", "ECDHE-ECDSA-AES256-SHA384", "NULL"])
def test_no_cipher_without_forward_secrecy_or_authenticated_encryption_is_taken(
    behind_tls: tuple[int, Path], ciphers: str
) -> None:
    with pytest.raises(ssl.SSLError, match="ALERT"):
        _agreed(behind_tls, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, ciphers)


def test_who_speaks_in_clear_is_refused_and_sent_nowhere(behind_tls: tuple[int, Path]) -> None:
    """A redirect would hide a client's mistake: its token has been read by then."""
    port, _ = behind_tls
    for path in ("/graphql", "/confirmation", "/v2/bookings/token/ABC234"):
        answer = httpx.get(f"http://localhost:{port}{path}", headers={"authorization": "Bearer x"})
        assert answer.status_code == 400, path
        assert "location" not in answer.headers


def _self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, secret


def _until_it_listens(client: httpx.Client, address: str, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            client.get(address)
        except httpx.TransportError:
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def _await(file: Path, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while not file.exists():
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
