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
    """(service, Python package, entry point) for each process of a context or of search."""
    for name, service in services().items():
        match service.get("command"):
            case ["python", "-m", package, entry_point] if not package.startswith("chassis."):
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


SHOWN = "/etc/pass/inner-tls"
_CERTIFICATES = re.compile(r"\$\{PASS_CERTIFICATES:\?[^}]+\}/(\w+)")


def bound(service: str) -> list[dict[str, Any]]:
    """The folders of this machine that the service's containers see, as the file's long form says them."""
    volumes = services()[service].get("volumes", [])
    return [volume for volume in volumes if not isinstance(volume, str) and volume["type"] == "bind"]


def part_of(service: str) -> str | None:
    """The part whose certificate the service's containers find; None without one."""
    folders = [volume["source"] for volume in bound(service) if volume["target"] == SHOWN]
    parts = [found[1] for folder in folders if (found := _CERTIFICATES.fullmatch(folder))]
    return parts[0] if parts else None


def inside(service: str, environment: Mapping[str, str], certificates: Path) -> dict[str, str]:
    """The environment as a process here must see it to find what is mounted in the container."""
    part = part_of(service)
    assert part is not None, f"{service} is shown no certificate"
    return {**environment, "PASS_INNER_TLS": str(certificates / part)}


def environments(given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Those of all services. Raises Missing, for what is mounted too."""
    for service in services().values():
        for volume in service.get("volumes", []):
            _fill(volume if isinstance(volume, str) else volume["source"], given)
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
