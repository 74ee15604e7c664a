"""What search needs from its environment, besides what every process needs."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from chassis.settings import CommonSettings


class SearchSettings(CommonSettings):
    context: ClassVar[str] = "search"

    index_dir: Path = Field(description="where this replica keeps its state and its index; may be lost")
    threads: int = Field(default=2, ge=1, le=64, description="searches at a time: the cores of the replica")
    writer_megabytes: int = Field(default=64, ge=16, description="memory for documents not yet on disk")
    look_again_seconds: float = Field(
        default=10, gt=0, le=600, description="how often the logs are compared with those that were read"
    )
