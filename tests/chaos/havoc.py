"""Killing processes in the middle of something, and starting them again."""

import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from io import StringIO
from typing import Any

import psutil  # type: ignore[import-untyped]
from rich.console import Console

from local_platform.demo.story.narrator import Narrator
from local_platform.platform.platform import Platform

LONGEST_DELAY = 0.2
"""Seconds between the decision to kill and the deed: somewhere within the next request or two."""

LONGEST_ABSENCE = 1.0
"""Seconds for which the dead are missed before somebody says `./pass up`."""


def kill(platform: Platform, name: str) -> None:
    """SIGKILL, as the kernel does it when memory is short: no goodbye, no clean-up."""
    process = platform.part(name).daemon.process()
    assert process is not None, f"{name} was not running"
    with suppress(psutil.NoSuchProcess):
        process.kill()


class Havoc(Narrator):
    """Tells the story to nobody, and kills a part of the platform after drawn mutations, one after another.

    Each is started again by `Platform.up()`, as a person would do it, while the story goes on trying; it
    waits for nobody but the next to die, who must find the others alive.
    """

    def __init__(
        self, platform: Platform, victims: Sequence[str], draw: random.Random, mutations: int
    ) -> None:
        super().__init__(Console(file=StringIO(), width=120))
        self._platform = platform
        self._draw = draw
        moments = sorted(draw.sample(range(1, mutations), len(victims)))
        self._plan = list(zip(moments, victims, strict=True))
        self._mutations = 0
        self._deed: Future[None] | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="havoc")
        self.killed: list[str] = []

    @property
    def text(self) -> str:
        """The story with the kills in it, as it would stand in the terminal."""
        file = self._console.file
        assert isinstance(file, StringIO)
        return file.getvalue()

    def exchange(self, document: str, variables: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self._mutations += "mutation" in document
        if self._plan and self._mutations >= self._plan[0][0]:
            self.settle()
            _, victim = self._plan.pop(0)
            self.killed.append(victim)
            pauses = self._draw.uniform(0, LONGEST_DELAY), self._draw.uniform(0, LONGEST_ABSENCE)
            self._deed = self._pool.submit(self._kill_and_repair, victim, *pauses)

    def settle(self) -> None:
        """Wait until the last of the killed runs again. Raises what kept it from that."""
        if self._deed:
            self._deed.result()

    def _kill_and_repair(self, victim: str, delay: float, absence: float) -> None:
        time.sleep(delay)
        self.shows(f"--- kill -9 {victim}, after {self._mutations} mutations")
        kill(self._platform, victim)
        time.sleep(absence)
        self.shows(f"--- up: {', '.join(self._platform.up())}")
