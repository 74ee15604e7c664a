"""Parts start as soon as what they need is ready; one that fails takes only its dependents with it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from errno import ENOSPC
from pathlib import Path

import pytest

from local_platform.platform.launch import News, Stage, launch, silence
from local_platform.servers.daemon import Daemon
from local_platform.servers.parts import Part, Tell
from local_platform.user_error import UserError


@dataclass
class Pretended(Part):
    """A part that notes when it was started."""

    name: str
    diary: list[str]
    after: Sequence[str] = ()
    running: bool = False
    error: Exception | None = None
    meets: threading.Barrier | None = None
    where: str = field(default="nowhere", init=False)

    @property
    def daemon(self) -> Daemon:
        return Daemon(self.name, Path("/none"), Path("/none"))

    def start(self, tell: Tell) -> bool:
        tell("trying")
        if self.meets is not None:
            self.meets.wait(5)
        if self.error is not None:
            raise self.error
        self.diary.append(self.name)
        return not self.running

    def stop(self) -> bool:
        return False

    def problem(self) -> str | None:
        return None


def test_what_is_needed_comes_first_and_what_runs_is_left_alone() -> None:
    diary: list[str] = []
    parts = [
        Pretended("worker", diary, after=("service", "broker")),
        Pretended("service", diary, after=("database",)),
        Pretended("database", diary, running=True),
        Pretended("broker", diary),
    ]
    assert launch(parts, silence) == ["worker", "service", "broker"]
    assert diary[-1] == "worker"
    assert diary.index("database") < diary.index("service")


def test_parts_that_do_not_need_each_other_start_at_the_same_time() -> None:
    both = threading.Barrier(2)
    started = launch([Pretended("one", [], meets=both), Pretended("other", [], meets=both)], silence)
    assert started == ["one", "other"]


def test_a_failure_takes_only_its_dependents_with_it() -> None:
    diary: list[str] = []
    news: list[News] = []
    parts = [
        Pretended("broker", diary, error=UserError("The broker is broken.", "Mend it.")),
        Pretended("worker", diary, after=("broker",)),
        Pretended("mailer", diary, after=("worker",)),
        Pretended("service", diary),
    ]
    with pytest.raises(UserError, match=r"The broker is broken\. Mend it\."):
        launch(parts, news.append)
    assert diary == ["service"]
    last = {each.part: each.stage for each in news}
    assert last["broker"] is Stage.FAILED
    assert last["worker"] is last["mailer"] is Stage.LEFT_OUT
    assert last["service"] is Stage.READY


def test_a_full_disk_comes_with_its_remedy() -> None:
    full = OSError(ENOSPC, "No space left on device")
    with pytest.raises(UserError, match="The disk is full: make room"):
        launch([Pretended("database", [], error=full)], silence)
