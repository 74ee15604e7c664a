"""Certificates of the platform's parts, for each other: an authority of one's own, and a folder for each part.

`<folder>/<part>` holds `own.pem` and `authority.pem`, as `chassis.inner_tls` reads them: mount it where the part runs,
and no other. `<folder>/authority/own.pem` is what signs: renewals need it, no process does.
"""

import ipaddress
import os
import secrets
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chassis.inner_tls import AUTHORITY, OWN, inner_tls
from local_platform.private_file import write_private
from local_platform.user_error import UserError

PARTS: Final[Mapping[str, Sequence[str]]] = {
    "postgres": (),
    "kafka": (),
    "identity": ("identity-work",),
    "catalog": ("catalog-work",),
    "search": (),
    "booking": ("booking-work",),
    "finance": ("finance-work",),
    "gateway": (),
    "door": (),
    "operator": (),
}
"""Part → the other hosts that it runs on. Each is found under its own name too, and on its own machine."""

LIFETIME: Final = timedelta(days=90)
RENEWED_BEFORE: Final = timedelta(days=30)
"""A certificate with less left than this is made anew."""

AUTHORITY_LIFETIME: Final = timedelta(days=3650)
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
_SIGNS: Final = "authority"
_LOOPBACK: Final = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Authority:
    """Who vouches for the parts."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def certify(
        self,
        part: str,
        hosts: Sequence[str],
        now: datetime,
        lifetime: timedelta = LIFETIME,
    ) -> bytes:
        """The content of an `own.pem`: a new key and its certificate, for a part found under these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [_host(host) for host in hosts]
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        signed = (
            _begun(part, self.certificate.subject, key, now, now + lifetime)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        return _pem(key) + signed.public_bytes(Encoding.PEM)

    @property
    def public(self) -> bytes:
        """What an `authority.pem` holds of it."""
        return self.certificate.public_bytes(Encoding.PEM)


def new_authority(now: datetime) -> Authority:
    """One that nobody believes yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    # Of its own: whoever believes two at once tells them apart by their names.
    name = f"pass Culture, inner, {now:%Y-%m-%d} {secrets.token_hex(4)}"
    signed = (
        _begun(name, None, key, now, now + AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, signed)


def renew(folder: Path, now: datetime | None = None, *, readable: bool = False) -> Sequence[str]:
    """Make what is missing and what expires within 30 days, authority first; the names of what was made.

    `readable`: for containers, whose users are others than whoever runs this. Only the folder itself is then closed.
    A new authority is shown beside the old ones; from the next renewal on its signature is what parts show.
    """
    now = now or datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    authority, made = _authority(folder / _SIGNS, now)
    believed = (folder / _SIGNS / AUTHORITY).read_bytes()
    mode = 0o644 if readable else 0o600
    for part, others in PARTS.items():
        own = folder / part / OWN
        own.parent.mkdir(exist_ok=True)
        own.parent.chmod(0o755 if readable else 0o700)
        _replace(folder / part / AUTHORITY, believed, mode)
        if _is_good(own, authority, now):
            own.chmod(mode)
        else:
            _replace(own, authority.certify(part, [part, *others, *_LOOPBACK], now), mode)
            made.append(part)
    return made


def client_of(folder: Path, part: str) -> ssl.SSLContext:
    """How this part asks others."""
    return inner_tls(folder / part, part).client


def _authority(folder: Path, now: datetime) -> tuple[Authority, list[str]]:
    """The one that signs, and whether it is new."""
    own = folder / OWN
    if not own.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        authority = new_authority(now)
        write_private(own, (_pem(authority.key) + authority.public).decode())
        write_private(folder / AUTHORITY, authority.public.decode())
        return authority, [_SIGNS]
    try:
        content = own.read_bytes()
        key = load_pem_private_key(content, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return Authority(key, x509.load_pem_x509_certificate(content)), []
    except (OSError, ValueError, TypeError, AssertionError) as error:
        raise UserError(
            f"{own} is damaged.", "Take it from a copy, or begin anew in another folder."
        ) from error


def _is_good(own: Path, authority: Authority, now: datetime) -> bool:
    if not own.exists():
        return False
    certificate = x509.load_pem_x509_certificate(own.read_bytes())
    return (
        certificate.issuer == authority.certificate.subject
        and certificate.not_valid_after_utc - now > RENEWED_BEFORE
    )


def _replace(file: Path, content: bytes, mode: int) -> None:
    """At once, so that nobody reads a half; as it was when nothing changes, so that nobody reads it again."""
    if not file.exists() or file.read_bytes() != content:
        write_private(file, content.decode())
    os.chmod(file, mode)


def _begun(
    name: str, issuer: x509.Name | None, key: ec.EllipticCurvePrivateKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
