"""Where Hive Router's program is, if anywhere."""

import lzma
import os
import shutil
from pathlib import Path
from typing import IO

from local_platform.paths import SHARED_STATE
from local_platform.user_error import UserError

HIVE_GATEWAY = "hive-gateway"
"""`PASS_ROUTER=hive-gateway` asks for the gateway on Node even where Hive Router is found."""

OWN = SHARED_STATE / "bin" / "hive_router"


def find() -> Path | None:
    """`PASS_ROUTER`, else on the PATH, else `.state/bin`. None: take Hive Gateway."""
    wanted = os.environ.get("PASS_ROUTER")
    if wanted == HIVE_GATEWAY:
        return None
    if wanted:
        if not os.access(wanted, os.X_OK):
            raise UserError(
                f"PASS_ROUTER names {wanted}, which is no program that can be run.",
                f"Name Hive Router's binary, or {HIVE_GATEWAY}, or unset it.",
            )
        return Path(wanted).absolute()
    found = shutil.which(OWN.name)
    if found:
        return Path(found)
    return OWN if os.access(OWN, os.X_OK) else None


def take(file: Path) -> None:
    """Put a copy where `find` looks, unpacked when it is an .xz."""
    OWN.parent.mkdir(parents=True, exist_ok=True)
    partial = OWN.with_suffix(".partial")
    try:
        with _unpacked(file) as source, partial.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise UserError(f"{file} could not be unpacked: {error}.") from error
    partial.chmod(0o755)
    partial.replace(OWN)


def _unpacked(file: Path) -> IO[bytes]:
    return lzma.open(file) if file.suffix == ".xz" else file.open("rb")
