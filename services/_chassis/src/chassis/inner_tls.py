"""Speaking to the other parts of the platform: nobody listens in, and each side shows who it is.

A part's folder holds `own.pem`, its private key and then its certificate, in one file so that both are replaced at
once, and `authority.pem`, the authorities that it believes: those alone, none of the machine's. A certificate names its
part as its common name, which is the part's name on the broker, in the database and to whoever serves it.
Both files are read again when they change: new connections use what is new, and those that stand go on. `./pass
certificates` makes and renews them.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from prometheus_client import Gauge

from chassis.telemetry import log

OWN: Final = "own.pem"
AUTHORITY: Final = "authority.pem"

PEER: Final = "chassis.peer"
"""Where the scope of a request has the part that sent it; None where TLS is off."""

EVERY_SECONDS: Final = 10.0
"""How often the files are looked at."""

_EXPIRES = Gauge("inner_tls_expires_timestamp_seconds", "When this process's own certificate expires")
_STEPS = 10
"""More than a handshake takes."""


class UnusableCertificate(ValueError):
    """No peer would believe it, or a file cannot be read; the message says why, without the files' content."""


class InnerTls:
    """What one part shows and whom it believes: as a client of broker and database, of other parts, as a server."""

    def __init__(self, folder: Path, name: str) -> None:
        """Raises UnusableCertificate unless a peer with the same authorities would believe that this is `name`."""
        self._folder = folder
        self._name = name
        self._seen = self._edition()
        self.client, self.server = _contexts(folder, name)
        # Of its own: httpx says in it that HTTP is what it speaks, which PostgreSQL hangs up on.
        self.http_client, _ = _contexts(folder, name)
        self._tell_expiry()

    def renew(self) -> bool:
        """Take what is new in the folder, if there is anything, and if it is of use; whether it did.

        An authority that is no longer listed is forgotten with the process.
        """
        try:
            seen = self._edition()
            if seen == self._seen:
                return False
            _contexts(self._folder, self._name)
        except UnusableCertificate as error:
            log.error("inner_tls.not_renewed", reason=str(error))
            return False
        for context in (self.client, self.http_client, self.server):
            _load(context, self._folder)
        self._seen = seen
        self._tell_expiry()
        log.info("inner_tls.renewed")
        return True

    @asynccontextmanager
    async def followed(self) -> AsyncIterator[None]:
        """Meanwhile the files are looked at."""
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            looking.cancel()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            self.renew()

    def _edition(self) -> tuple[bytes, ...]:
        return tuple(_read(self._folder / name) for name in (OWN, AUTHORITY))

    def _tell_expiry(self) -> None:
        own, *_ = x509.load_pem_x509_certificates(self._seen[0])
        _EXPIRES.set(own.not_valid_after_utc.timestamp())


@cache
def inner_tls(folder: Path, name: str) -> InnerTls:
    """One for all that a process does: what renews one connection's certificate renews all."""
    return InnerTls(folder, name)


def peer_name(certificate: Mapping[str, Any] | None) -> str | None:
    """The part that a verified certificate (`SSLSocket.getpeercert`) names; None where TLS is off."""
    if not certificate:
        return None
    names = [value for pairs in certificate["subject"] for key, value in pairs if key == "commonName"]
    return names[0] if names else ""


def _contexts(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    client, server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.verify_mode = ssl.CERT_REQUIRED
    for context in (client, server):
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        _load(context, folder)
    try:
        _shake_hands(client, server, name)
    except ssl.SSLCertVerificationError as error:
        raise UnusableCertificate(f"{folder / OWN} would not be believed: {error.verify_message}") from None
    except ssl.SSLError as error:
        raise UnusableCertificate(f"{folder / OWN} cannot be used ({error.reason})") from None
    return client, server


def _load(context: ssl.SSLContext, folder: Path) -> None:
    try:
        context.load_verify_locations(folder / AUTHORITY)
        context.load_cert_chain(folder / OWN)
    except (OSError, ssl.SSLError) as error:
        why = getattr(error, "reason", None) or type(error).__name__
        raise UnusableCertificate(f"{folder} does not hold a usable {OWN} and {AUTHORITY} ({why})") from None


def _shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> None:
    """What a peer will find, found now: a chain to an authority, days, uses, the name, and the key to it."""
    asked, answered = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        client.wrap_bio(answered, asked, server_hostname=name),
        server.wrap_bio(asked, answered, server_side=True),
    ]
    for _ in range(_STEPS):
        for side in list(sides):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            sides.remove(side)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnusableCertificate(f"{file} cannot be read ({type(error).__name__})") from None
