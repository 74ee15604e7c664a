"""TCP ports on the loopback interface."""

import socket
import time

from local_platform.trouble import Trouble

LOOPBACK = "127.0.0.1"

LETTING_GO = 2.0
"""Seconds in which the threads of a killed process give its ports back."""


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
            raise Trouble(
                f"Port {port}, where {who} should listen, is in use by another program.",
                "Stop that program, or choose other ports with PASS_PORT_BASE.",
            )
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody uses now; taken together so that none comes twice."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
