"""TLS by a switch."""

import ssl
import subprocess
import time
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


def test_a_browser_that_came_by_tls_once_comes_by_nothing_else(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    certificate, key = _self_signed(tmp_path)
    settings = {
        "PASS_DOOR_SITE": f"https://localhost:{port}",
        "PASS_DOOR_TLS": "files",
        "PASS_DOOR_CERTIFICATE": str(certificate),
        "PASS_DOOR_KEY": str(key),
    }
    with (tmp_path / "door.log").open("w") as log:
        running = subprocess.Popen(
            door.COMMAND, env=settings_of(tmp_path) | settings, cwd=door.SOURCE, stdout=log, stderr=log
        )
    try:
        context = ssl.create_default_context(cafile=str(certificate))
        address = f"https://localhost:{port}"
        with httpx.Client(verify=context) as client:
            _until_it_listens(client, f"{address}/healthz", running)
            for path in ("/healthz", "/confirmation", "/nowhere", "/graphql"):
                told = client.get(f"{address}{path}").headers["strict-transport-security"]
                assert told == "max-age=31536000; includeSubDomains", path
    finally:
        running.terminate()
        running.wait()


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
