"""`docker-compose.yml` as the engine would read it: merged, its variables filled in."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"

_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?:(?P<kind>:-|:\?)(?P<rest>(?:[^{}]|\$\{[^{}]*\})*))?\}")


class Missing(Exception):
    """A variable that the file insists on is not set."""


@cache
def whole() -> dict[str, Any]:
    """The file, its anchors merged."""
    read: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return read


def services() -> dict[str, dict[str, Any]]:
    """The services by name."""
    declared: dict[str, dict[str, Any]] = whole()["services"]
    return declared


def builder_of(image: str) -> dict[str, Any]:
    """The one service that builds an image of ours."""
    (found,) = [each for each in services().values() if each["image"] == image and "build" in each]
    return found


def commands() -> Iterator[tuple[str, str, str]]:
    """(service, Python package, entry point) for each process of ours."""
    for name, service in services().items():
        match service.get("command"):
            case ["python", "-m", package, entry_point]:
                yield name, package, entry_point


def demanded() -> set[str]:
    """Names of the variables without which nothing starts."""
    return {found["name"] for found in _VARIABLE.finditer(FILE.read_text()) if found["kind"] == ":?"}


def environment(service: str, given: Mapping[str, str]) -> dict[str, str]:
    """What the service's containers find in their environment. Raises Missing."""
    declared: Mapping[str, str | None] = services()[service].get("environment", {})
    passed_on = {name: given.get(name) for name, value in declared.items() if value is None}
    filled = {name: _fill(value, given) for name, value in declared.items() if value is not None}
    return filled | {name: value for name, value in passed_on.items() if value is not None}


def environments(given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Those of all services. Raises Missing."""
    return {name: environment(name, given) for name in services()}


def _fill(text: str, given: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        known = given.get(found["name"], "")
        if not known and found["kind"] == ":?":
            raise Missing(found["name"])
        return known or _fill(found["rest"] or "", given)

    return _VARIABLE.sub(value, text)


def become(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    """See what a container sees."""
    for name in [name for name in os.environ if name.startswith("PASS_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
