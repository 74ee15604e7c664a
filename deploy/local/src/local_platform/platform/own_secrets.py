"""Keys and passwords of one platform: made at its first start, in a file that only its owner reads."""

import base64
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chassis.provenance import Signer
from local_platform.private_file import write_private
from local_platform.user_error import UserError

CONTEXTS = ("identity", "catalog", "booking", "finance")


def ensure(file: Path) -> Mapping[str, str]:
    """The secrets of `secrets.env`, by the name of their variable; what is missing is made now."""
    known = read(file)
    made = {name: make() for name, make in _MAKERS.items() if name not in known}
    if made:
        whole = {**known, **made}
        write_private(file, "".join(f"{name}={json.dumps(value)}\n" for name, value in whole.items()))
        return whole
    return known


def read(file: Path) -> dict[str, str]:
    """What the file holds; nothing when there is none."""
    if not file.exists():
        return {}
    try:
        pairs = (line.split("=", 1) for line in file.read_text().splitlines() if line and line[0] != "#")
        return {name: json.loads(value) for name, value in pairs}
    except ValueError as error:
        raise UserError(f"{file} is damaged.", "Mend it, or begin anew with ./pass reset.") from error


def password_of(context: str) -> str:
    """The name under which a context's database password is kept."""
    return f"PASS_DATABASE_PASSWORD_{context.upper()}"


def _signing_key() -> str:
    """A private P-256 key for ES256 tokens, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def storage_key_of(context: str) -> str:
    """The name under which the key is kept that seals personal data in a context's tables."""
    return f"PASS_STORAGE_KEY_{context.upper()}"


def event_key_of(context: str) -> str:
    """The name under which the Ed25519 key is kept that a context signs its events with."""
    return f"PASS_EVENT_KEY_{context.upper()}"


def event_keys(secrets_known: Mapping[str, str]) -> str:
    """The public keys of all of them, as PASS_EVENT_KEYS shows them."""
    signers = {context: Signer(secrets_known[event_key_of(context)]) for context in CONTEXTS}
    return " ".join(f"{context}:{signer.public_key}" for context, signer in signers.items())


def _key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    return secrets.token_urlsafe(18)


_MAKERS = {
    "PASS_SEALING_KEY": _key,
    "PASS_DIGEST_KEY": _key,
    "PASS_SIGNING_KEY": _signing_key,
    **{storage_key_of(context): _key for context in CONTEXTS},
    **{event_key_of(context): _key for context in CONTEXTS},
    **{password_of(context): _password for context in CONTEXTS},
}
