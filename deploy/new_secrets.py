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

from joserfc.jwk import ECKey

ROLES = ("postgres", "identity", "catalog", "booking", "finance")


def new_secrets() -> dict[str, str]:
    """Fresh values by the name of their variable."""
    signing_key = ECKey.generate_key("P-256").as_dict(private=True)
    return {
        **{f"PASS_DATABASE_PASSWORD_{role.upper()}": secrets.token_urlsafe(24) for role in ROLES},
        "PASS_SEALING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "PASS_DIGEST_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "PASS_SIGNING_KEY": json.dumps(signing_key, separators=(",", ":")),
        "PASS_DEBTOR_IBAN": "",
        "PASS_DEBTOR_BIC": "",
    }


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
