"""Servers that the environment gives instead of the platform's own."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from local_platform.platform.own_secrets import CONTEXTS
from local_platform.private_file import write_private


@dataclass(frozen=True)
class ExternalServers:
    """`PASS_KAFKA`, `PASS_SMTP` (both host:port) and `PASS_DATABASE_URL_<CONTEXT>`, where set."""

    kafka: str | None = None
    smtp: str | None = None
    databases: Mapping[str, str] = field(default_factory=dict)
    """Context → SQLAlchemy URL with asyncpg."""

    @classmethod
    def by_environment(cls) -> Self:
        urls = {context: os.environ.get(f"PASS_DATABASE_URL_{context.upper()}") for context in CONTEXTS}
        databases = {context: _with_driver(url) for context, url in urls.items() if url}
        return cls(os.environ.get("PASS_KAFKA") or None, os.environ.get("PASS_SMTP") or None, databases)

    @classmethod
    def saved(cls, file: Path) -> Self:
        """What the last `up` was external, for the commands after it."""
        return cls(**json.loads(file.read_text())) if file.exists() else cls()

    def save(self, file: Path) -> None:
        """Remember it; database URLs hold passwords, so only the owner may read the file."""
        write_private(file, json.dumps(asdict(self), indent=2))


def _with_driver(url: str) -> str:
    return re.sub(r"^postgres(ql)?://", "postgresql+asyncpg://", url)
