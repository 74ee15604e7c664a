"""The logs of all parts in one shape: the services' own, one JSON object a line.

Services and door write it. Routers nearly do; PostgreSQL and Kafka write text, which is read here.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

POSTGRES = re.compile(
    r"(?P<day>[\d-]{10}) (?P<hour>[\d:.]+) UTC (?P<who>\S*@\S*) (?P<level>[A-Z]+):  (?P<event>.*)"
)
KAFKA = re.compile(r"(?P<at>[\d-]{10}T[\d:.]+Z) (?P<level>[A-Z]+) (?P<event>.*)")
LEVELS = {
    **dict.fromkeys(("log", "detail", "hint", "context", "statement", "notice"), "info"),
    "warn": "warning",
    "fatal": "error",
    "panic": "error",
}
REQUEST_SERVED = "http.request"
"""The event of the one line that each process writes of a request it served."""

SAID_OTHERWISE = {"handled request": REQUEST_SERVED, "router::request": REQUEST_SERVED}
NAMES = {"timestamp", "level", "event", "message", "service", "trace_id", "target", "logger"}


@dataclass(frozen=True)
class LogLine:
    """One line of one part."""

    at: str
    """ISO 8601 in UTC; empty where no line before it had one."""

    service: str
    level: str
    event: str
    trace_id: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> str:
        whole = {"timestamp": self.at, "service": self.service, "level": self.level, "event": self.event}
        trace = {"trace_id": self.trace_id} if self.trace_id else {}
        return json.dumps(whole | trace | dict(self.more), ensure_ascii=False)

    def for_people(self, width: int) -> str:
        """Time of day, part, level if it is one to look at, event, and the rest as name=value."""
        mark = "" if self.level in ("info", "debug") else f"{self.level.upper()} "
        rest = [f"{name}={value}" for name, value in self.more.items() if value not in ("", None)]
        trace = [f"trace_id={self.trace_id}"] if self.trace_id else []
        return f"{self.at[11:23]:<12} {self.service:<{width}} {mark}{' '.join([self.event, *rest, *trace])}"


def read(part: str, line: str, before: str = "") -> LogLine:
    """A line of this part; `before`: when the line before it was written."""
    if line.startswith("{"):
        try:
            return _of_json(part, json.loads(line), before)
        except ValueError:
            pass  # torn by a kill: shown as it is
    if found := POSTGRES.match(line):
        at = f"{found['day']}T{found['hour']}Z"
        who = {} if found["who"] == "@" else {"role": found["who"]}
        return LogLine(at, part, _level(found["level"]), found["event"], more=who)
    if found := KAFKA.match(line):
        return LogLine(found["at"], part, _level(found["level"]), found["event"])
    return LogLine(before, part, "info", line)


def read_all(lines: Mapping[str, Sequence[str]]) -> Sequence[LogLine]:
    """The lines of several parts in the order in which they were written."""
    found = [line for part, texts in lines.items() for line in in_order(part, texts)]
    return sorted(found, key=lambda line: line.at[:23])


def in_order(part: str, texts: Iterable[str]) -> Iterator[LogLine]:
    """The lines of one part; those without a time have that of the line before."""
    at = ""
    for text in texts:
        line = read(part, text, at)
        at = line.at
        yield line


def _of_json(part: str, said: Mapping[str, Any], before: str) -> LogLine:
    event = str(said.get("event") or said.get("message") or said.get("target") or "")
    return LogLine(
        at=str(said.get("timestamp") or before),
        service=part,
        level=_level(str(said.get("level", "info"))),
        event=SAID_OTHERWISE.get(event, event),
        trace_id=str(said.get("trace_id") or ""),
        more={name: value for name, value in said.items() if name not in NAMES},
    )


def _level(name: str) -> str:
    return LEVELS.get(name.lower(), name.lower())
