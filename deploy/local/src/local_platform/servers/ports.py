"""TCP ports on the loopback interface, and which part of a platform listens on which."""

import json
import os
import random
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local_platform.user_error import UserError

LOOPBACK = "127.0.0.1"

LETTING_GO = 2.0
"""Seconds in which the threads of a killed process give its ports back."""

USUAL: Mapping[str, int] = {
    "door": 4000,
    "gateway": 4100,
    "identity": 4101,
    "catalog": 4102,
    "search": 4103,
    "booking": 4104,
    "finance": 4105,
    "identity-worker": 4201,
    "catalog-worker": 4202,
    "booking-worker": 4204,
    "finance-worker": 4205,
    "mailbox": 2525,
    "postgres": 5442,
    "kafka": 9192,
    "kafka-controller": 9193,
}
LOWEST_FREE = 10_000
"""Below it are the well-known ones, and those of a platform in its usual place."""

_USUAL_FIRST_OF_CONNECTIONS = 32_768
_TRIES = 2000
_draw = random.SystemRandom()
_given: set[int] = set()

FIRST = 4000
"""`PASS_PORT_BASE` says what stands in for this one; all others move by as much."""


@dataclass(frozen=True)
class Ports:
    """The port of each part of one platform."""

    of: Mapping[str, int]

    def __getitem__(self, part: str) -> int:
        return self.of[part]

    @classmethod
    def usual(cls, base: int = FIRST) -> Self:
        return cls({part: port + base - FIRST for part, port in USUAL.items()})

    @classmethod
    def free(cls) -> Self:
        """Ports that nobody uses now, for a platform beside others."""
        return cls(dict(zip(USUAL, free_ports(len(USUAL)), strict=True)))

    @classmethod
    def chosen(cls, file: Path) -> Self:
        """As `PASS_PORT_BASE` says, else as the file says (it may name some only), else the usual ones."""
        if base := os.environ.get("PASS_PORT_BASE"):
            if not base.isdigit() or not 2600 <= int(base) <= 60_000:
                raise UserError(f"PASS_PORT_BASE is {base!r}; it must be a port between 2600 and 60000.")
            return cls.usual(int(base))
        if not file.exists():
            return cls.usual()
        try:
            own: dict[str, int] = json.loads(file.read_text())
            strangers = set(own) - set(USUAL)
            if strangers or not all(isinstance(port, int) and 0 < port < 65_536 for port in own.values()):
                raise ValueError(f"unknown part or port: {', '.join(sorted(strangers)) or own}")
            whole = {**USUAL, **own}
            if shared := {part for part, port in whole.items() if list(whole.values()).count(port) > 1}:
                raise ValueError(f"one port for {' and '.join(sorted(shared))}")
        except (ValueError, AttributeError) as error:
            raise UserError(
                f"{file} does not hold ports ({error}).",
                'It should look like {"door": 4000}; without the file the usual ports are taken.',
            ) from error
        return cls(whole)

    def save(self, file: Path) -> None:
        """Remember them for the other commands."""
        file.write_text(json.dumps(dict(self.of), indent=2) + "\n")


def in_use(port: int) -> bool:
    """Whether something already listens on this port of the loopback interface (or of all)."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def must_be_free(port: int, who: str) -> None:
    """Refuse, in words, when another program holds the port that `who` is to listen on."""
    deadline = time.monotonic() + LETTING_GO
    while in_use(port):
        if time.monotonic() > deadline:
            raise UserError(
                f"Port {port}, where {who} should listen, is in use by another program.",
                "Stop that program, or choose other ports: PASS_PORT_BASE=14000 ./pass up.",
            )
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody uses now, none of them given before by this process.

    They lie below those that the system gives to whoever connects to somebody: a server that was killed finds its
    own again, whatever was asked of others meanwhile.
    """
    chosen: list[int] = []
    for _ in range(_TRIES):
        port = _draw.randrange(LOWEST_FREE, _first_of_connections())
        if port not in _given and not in_use(port):
            _given.add(port)
            chosen.append(port)
            if len(chosen) == count:
                return chosen
    raise UserError(f"There are no {count} free ports between {LOWEST_FREE} and {_first_of_connections()}.")


def _first_of_connections() -> int:
    """The first port that the system gives to connections."""
    try:
        first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        first = _USUAL_FIRST_OF_CONNECTIONS
    return first if first > LOWEST_FREE + _TRIES else _USUAL_FIRST_OF_CONNECTIONS
