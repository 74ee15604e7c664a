"""Start many parts at once, each as soon as what it needs is ready."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from errno import ENOSPC

from local_platform.servers.parts import Part
from local_platform.user_error import UserError


class Stage(Enum):
    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    LEFT_OUT = "not started"


@dataclass(frozen=True)
class News:
    """Where one part is now."""

    part: str
    stage: Stage
    words: str = ""


Watch = Callable[[News], None]
"""Told of each change, from several threads."""


def silence(news: News) -> None:
    """Watch nothing."""


def launch(parts: Sequence[Part], watch: Watch) -> Sequence[str]:
    """Start what does not run; the names of what was started.

    Raises the first UserError once every part has become ready, failed, or been left out because one that
    it needs failed.
    """
    settled = {part.name: threading.Event() for part in parts}
    failed: set[str] = set()
    errors: list[UserError] = []

    def bring_up(part: Part) -> str | None:
        for needed in part.after:
            watch(News(part.name, Stage.WAITING, f"waiting for {needed}"))
            settled[needed].wait()
        try:
            if missing := failed.intersection(part.after):
                failed.add(part.name)
                watch(News(part.name, Stage.LEFT_OUT, f"it needs {', '.join(sorted(missing))}"))
                return None
            started = part.start(lambda words: watch(News(part.name, Stage.STARTING, words)))
            watch(News(part.name, Stage.READY, part.where if started else f"{part.where} (was running)"))
            return part.name if started else None
        except Exception as error:
            user_error = error if isinstance(error, UserError) else _unforeseen(part, error)
            errors.append(user_error)
            failed.add(part.name)
            watch(News(part.name, Stage.FAILED, user_error.sentence))
            return None
        finally:
            settled[part.name].set()

    with ThreadPoolExecutor(len(parts), thread_name_prefix="launch") as pool:
        started = [name for name in pool.map(bring_up, parts) if name is not None]
    if errors:
        raise errors[0]
    return started


def _unforeseen(part: Part, error: Exception) -> UserError:
    full = isinstance(error, OSError) and error.errno == ENOSPC
    sentence = f"{part.name} cannot be started: {error}."
    return UserError(sentence, "The disk is full: make room, then run ./pass up again." if full else "")
