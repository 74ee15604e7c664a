"""Where files are kept. Mixed into the settings of a service that keeps some."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, SecretStr, model_validator

from chassis.files.folder import FolderStore
from chassis.files.store import Store
from chassis.settings import ServiceSettings

if TYPE_CHECKING:
    from chassis.files.bucket import BucketStore

_LONGEST_COPY_BYTES = 5 * 1024**3
"""What S3 copies in one go."""


class FilesSettings(ServiceSettings):
    """`PASS_FILES` and its like."""

    files: str = Field(
        default="",
        description="file:///folder, or s3://bucket/prefix?endpoint=https://…&region=…",
    )
    files_access_key: SecretStr | None = Field(default=None, description="of the bucket")
    files_secret_key: SecretStr | None = Field(default=None, description="of the bucket")
    files_max_bytes: int = Field(default=500 * 1024**2, ge=1, le=_LONGEST_COPY_BYTES)
    files_link_minutes: int = Field(default=60, ge=1, le=7 * 24 * 60, description="how long a link is good")

    @model_validator(mode="after")
    def _files_have_a_place(self) -> Self:
        if not self.files and self.env == "production":
            raise ValueError("PASS_FILES is missing: this service keeps files, and must know where")
        self.file_store()
        return self

    def file_store(self) -> Store:
        """Outside production, a folder of this user and context where none is named."""
        place = urlsplit(self.files or f"file://{tempfile.gettempdir()}/pass-files-{os.getuid()}")
        match place.scheme:
            case "file" if not place.netloc and len(place.path) > 1:
                return FolderStore(Path(unquote(place.path)) / self.context)
            case "s3" if place.netloc:
                return self._bucket(place.netloc, place.path.strip("/"), dict(parse_qsl(place.query)))
        raise ValueError("PASS_FILES must be file:///folder or s3://bucket/prefix?endpoint=…&region=…")

    def _bucket(self, bucket: str, prefix: str, options: dict[str, str]) -> "BucketStore":
        # Loaded where there is a bucket only: it is large.
        from chassis.files.bucket import BucketStore

        if unknown := options.keys() - {"endpoint", "region"}:
            raise ValueError(
                f"PASS_FILES: of a bucket only endpoint and region are said, not {sorted(unknown)}"
            )
        if (self.files_access_key is None) != (self.files_secret_key is None):
            raise ValueError("PASS_FILES_ACCESS_KEY and PASS_FILES_SECRET_KEY go together")
        keys = {
            name: secret.get_secret_value()
            for name, secret in (("access_key", self.files_access_key), ("secret_key", self.files_secret_key))
            if secret is not None
        }
        return BucketStore(bucket, f"{prefix}/{self.context}".strip("/"), **options, **keys)
