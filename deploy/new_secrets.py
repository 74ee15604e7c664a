"""Writes a new file of secrets for docker-compose.yml: `python deploy/new_secrets.py .state/compose.env`.

Only its owner may read it, and an existing file is left alone: what was sealed or signed with its keys would be
lost. The account that pays is to be filled in by hand; nothing starts without it.
"""

import base64
import json
import os
import secrets
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey

CONTEXTS = ("identity", "catalog", "booking", "finance")


def new_secrets() -> dict[str, str]:
    """Fresh values by the name of their variable."""
    signing_key = ECKey.generate_key("P-256").as_dict(private=True)
    event_keys = {context: Ed25519PrivateKey.generate() for context in CONTEXTS}
    return {
        **{
            f"PASS_DATABASE_PASSWORD_{role.upper()}": secrets.token_urlsafe(24)
            for role in ("postgres", *CONTEXTS)
        },
        "PASS_SEALING_KEY": _base64(secrets.token_bytes(32)),
        "PASS_DIGEST_KEY": _base64(secrets.token_bytes(32)),
        **{f"PASS_STORAGE_KEY_{context.upper()}": _base64(secrets.token_bytes(32)) for context in CONTEXTS},
        "PASS_SIGNING_KEY": json.dumps(signing_key, separators=(",", ":")),
        **{
            f"PASS_EVENT_KEY_{context.upper()}": _base64(key.private_bytes_raw())
            for context, key in event_keys.items()
        },
        "PASS_EVENT_KEYS": " ".join(
            f"{context}:{_base64(key.public_key().public_bytes_raw())}" for context, key in event_keys.items()
        ),
        # Of the parts, for each other: ./pass certificates makes and renews them there.
        "PASS_CERTIFICATES": str(Path(__file__).resolve().parents[1] / ".state/compose-certificates"),
        "PASS_DEBTOR_IBAN": "",
        "PASS_DEBTOR_BIC": "",
    }


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def write(file: Path) -> None:
    """Write them as an environment file. Raises FileExistsError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.writelines(f"{name}='{value}'\n" for name, value in new_secrets().items())


if __name__ == "__main__":
    try:
        write(Path(sys.argv[1]))
    except (IndexError, FileExistsError) as error:
        sys.exit(f"usage: python deploy/new_secrets.py <a file that does not exist> ({error})")
