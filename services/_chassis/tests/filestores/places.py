"""A folder, or a bucket of an S3 server that really runs (moto's)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import boto3

from chassis.clock import FixedClock
from chassis.files import Files, FilesSettings
from chassis.testing import NO_SERVERS

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


class NotebookFiles(FilesSettings):
    context: ClassVar[str] = "notebook"


def settings(place: str, **values: object) -> NotebookFiles:
    given: dict[str, object] = {
        **NO_SERVERS,
        "public_url": "http://door",
        "files": place,
        "files_access_key": "key",
        "files_secret_key": "secret",
        **values,
    }
    return NotebookFiles(**given)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Bucket:
    """A fresh bucket, and what is in it."""

    name: str
    endpoint: str

    @property
    def place(self) -> str:
        return f"s3://{self.name}/kept?endpoint={self.endpoint}"

    def _client(self):  # type: ignore[no-untyped-def]
        return boto3.client("s3", endpoint_url=self.endpoint, **KEYS)

    def create(self) -> None:
        self._client().create_bucket(Bucket=self.name)

    def everything(self) -> list[str]:
        objects = self._client().list_objects_v2(Bucket=self.name).get("Contents", [])
        uploads = self._client().list_multipart_uploads(Bucket=self.name).get("Uploads", [])
        return sorted(found["Key"] for found in [*objects, *uploads])


@dataclass
class Place:
    """One of the two, its files, and every name that is really there, hidden ones too."""

    address: str
    files: Files
    clock: FixedClock
    everything: Callable[[], list[str]]
