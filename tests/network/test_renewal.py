"""Certificates are renewed while the platform works: what listens shows the new one, and nobody is sent away."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGUSR1

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from cryptography import x509

from chassis.inner_tls import OWN, inner_tls
from chassis.kafka import broker
from chassis.settings import BrokerSettings
from local_platform.platform import processes
from local_platform.platform.platform import Platform
from local_platform.servers import certificates
from local_platform.servers.kafka import LocalKafka
from local_platform.servers.parts import KafkaPart
from local_platform.servers.ports import Ports, free_ports
from local_platform.servers.router import gateway_part

pytestmark = [pytest.mark.platform, pytest.mark.servers]

SOON = 90.0
"""Seconds after which what is waited for will not come any more."""


def _serial(own: Path) -> int:
    return x509.load_pem_x509_certificate(own.read_bytes()).serial_number


def _shown(port: int, operator: ssl.SSLContext) -> int:
    """The number of the certificate that a new connection is shown."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=SOON) as connection,
        operator.wrap_socket(connection, server_hostname="127.0.0.1") as spoken,
    ):
        return x509.load_der_x509_certificate(spoken.getpeercert(True) or b"").serial_number


def _renew(shown: Path, *parts: str) -> None:
    """As if theirs would expire soon."""
    for part in parts:
        (shown / part / OWN).unlink()
    assert certificates.renew(shown) == list(parts)


@pytest.mark.parametrize("name", ["identity", "search", "finance-worker"])
async def test_a_process_shows_a_renewed_certificate_by_itself(
    name: str, secured: Platform, shown: Path
) -> None:
    operator = inner_tls(shown / "operator", "operator")
    port, part = secured.ports[name], name.removesuffix("-worker")
    before = _serial(shown / part / OWN)
    assert _shown(port, operator.client) == before
    async with httpx.AsyncClient(verify=operator.http_client, timeout=SOON) as stays:
        url = f"https://127.0.0.1:{port}/healthz"
        assert (await stays.get(url)).text == "ok"
        _renew(shown, part)
        async with asyncio.timeout(SOON):
            while _shown(port, operator.client) == before:  # noqa: ASYNC110  # it looks now and then
                await asyncio.sleep(0.2)
        assert (await stays.get(url)).text == "ok"
    assert _shown(port, operator.client) == _serial(shown / part / OWN) != before


def test_hive_gateway_shows_a_renewed_certificate_by_itself(secured: Platform, shown: Path) -> None:
    operator = inner_tls(shown / "operator", "operator").client
    (port,) = free_ports(1)
    ports = Ports({**secured.ports.of, "gateway": port})
    beside = gateway_part(
        secured.state / "renewed", ports, processes.jwks_url(secured.ports, shown), None, shown
    )
    try:
        beside.start(lambda _: None)
        before = _serial(shown / "gateway" / OWN)
        assert _shown(port, operator) == before
        _renew(shown, "gateway")
        deadline = time.monotonic() + SOON
        while _shown(port, operator) == before:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert beside.problem() is None
    finally:
        beside.stop()


async def test_the_broker_shows_a_renewed_certificate_once_the_operator_says_so(
    secured: Platform, shown: Path, settings_of: Callable[..., BrokerSettings]
) -> None:
    operator = inner_tls(shown / "operator", "operator").client
    server = _kafka(secured)
    before = _serial(shown / "kafka" / OWN)
    async with AIOKafkaProducer(**broker(settings_of("finance")), acks="all") as stays:
        await stays.send_and_wait("finance.bank_account.v1", b"{}", b"renewal")
        _renew(shown, "kafka")
        server.grant_access()
        after = _serial(shown / "kafka" / OWN)
        assert after != before
        deadline = time.monotonic() + SOON
        # Its network threads take it one after the other: each has some of these connections.
        while {_shown(server.port, operator) for _ in range(8)} != {after}:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.2)
        await stays.send_and_wait("finance.bank_account.v1", b"{}", b"renewal")
    async with AIOKafkaProducer(**broker(settings_of("finance")), acks="all") as newcomer:
        await newcomer.send_and_wait("finance.bank_account.v1", b"{}", b"renewal")


def _kafka(platform: Platform) -> LocalKafka:
    part = platform.part("kafka")
    assert isinstance(part, KafkaPart)
    return part.server


def test_the_door_takes_a_renewed_certificate_and_answers_meanwhile(secured: Platform, shown: Path) -> None:
    door = secured.part("door").daemon.process()
    assert door is not None
    ready = f"{secured.address}/readyz"
    assert httpx.get(ready, timeout=SOON).status_code == 200
    _renew(shown, "door")
    door.send_signal(SIGUSR1)
    answers = [httpx.get(ready, timeout=SOON).status_code for _ in range(50)]
    assert set(answers) == {200}
    log = secured.part("door").daemon.log.read_text()
    assert "SIGUSR1" not in log, "it would say that it did not"
    assert door.is_running()
