"""Every process that listens inside listens to parts with a certificate of ours alone, and to each for what it is."""

import ssl
from pathlib import Path

import httpx
import pytest

from chassis.inner_tls import AUTHORITY, OWN, inner_tls
from local_platform.platform import processes
from local_platform.platform.platform import Platform
from local_platform.servers import router_binary
from local_platform.servers.parts import ProcessPart
from local_platform.servers.ports import Ports, free_ports
from local_platform.servers.router import gateway_part

pytestmark = [pytest.mark.platform, pytest.mark.servers]

WORKERS = ("identity-worker", "catalog-worker", "booking-worker", "finance-worker")
SERVING = ("identity", "catalog", "search", "booking", "finance")
QUESTION = {"query": "{ __typename }"}


def _where(platform: Platform, name: str) -> str:
    part = platform.part(name)
    assert isinstance(part, ProcessPart)
    assert part.where.startswith("https://")
    return part.where


def _get(url: str, tls: ssl.SSLContext | bool = True) -> httpx.Response:
    return httpx.get(url, verify=tls, timeout=30)


@pytest.mark.parametrize("name", [*SERVING, *WORKERS, "gateway"])
def test_nobody_is_listened_to_in_clear_or_without_a_certificate_of_ours(
    name: str, secured: Platform, shown: Path, strangers: Path
) -> None:
    path = "/health" if name == "gateway" else "/healthz"
    url = f"{_where(secured, name)}{path}"
    assert _get(url, inner_tls(shown / "operator", "operator").http_client).status_code == 200
    bare = ssl.create_default_context(cafile=str(shown / "operator" / AUTHORITY))
    for tls in (bare, inner_tls(strangers / "operator", "operator").http_client):
        with pytest.raises((httpx.TransportError, ssl.SSLError)):
            _get(url, tls)
    with pytest.raises(httpx.TransportError):
        _get(url.replace("https://", "http://")).raise_for_status()


@pytest.mark.parametrize("name", SERVING)
def test_a_context_is_not_asked_by_another(name: str, secured: Platform, shown: Path) -> None:
    other = "catalog" if name != "catalog" else "booking"
    for who, status in ((other, 403), ("gateway", 200)):
        tls = inner_tls(shown / who, who).http_client
        answer = httpx.post(f"{_where(secured, name)}/graphql", json=QUESTION, verify=tls, timeout=30)
        assert answer.status_code == status


def test_whoever_stands_for_identity_without_its_certificate_gives_no_keys(
    secured: Platform, shown: Path, strangers: Path
) -> None:
    keys = f"{_where(secured, 'identity')}/.well-known/jwks.json"
    assert _get(keys, inner_tls(shown / "search", "search").http_client).json()["keys"]
    wary = ssl.create_default_context(cafile=str(strangers / "authority" / AUTHORITY))
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        _get(keys, wary)


@pytest.mark.parametrize("name", [*SERVING, *WORKERS])
def test_measurements_are_for_the_operator(name: str, secured: Platform, shown: Path) -> None:
    url = f"{_where(secured, name)}/metrics"
    told = _get(url, inner_tls(shown / "operator", "operator").http_client)
    assert "inner_tls_expires_timestamp_seconds" in told.text
    assert _get(url, inner_tls(shown / "search", "search").http_client).status_code == 403


@pytest.mark.parametrize("router", ["hive-gateway", "hive-router"])
@pytest.mark.parametrize("believes", ["ours", "strangers alone"])
def test_a_router_asks_no_subgraph_whose_authority_it_does_not_believe(
    router: str, believes: str, secured: Platform, shown: Path, strangers: Path, tmp_path: Path
) -> None:
    binary = router_binary.find() if router == "hive-router" else None
    if router == "hive-router" and binary is None:
        pytest.skip("no hive_router: name one in PASS_ROUTER, or put it on the PATH or in .state/bin")
    theirs = (strangers / "authority" / AUTHORITY).read_bytes()
    for part, own in (("gateway", shown), ("operator", strangers)):
        (tmp_path / part).mkdir()
        (tmp_path / part / OWN).write_bytes((own / part / OWN).read_bytes())
        (tmp_path / part / AUTHORITY).write_bytes(theirs + (shown / "authority" / AUTHORITY).read_bytes())
    if believes == "strangers alone":
        (tmp_path / "gateway" / AUTHORITY).write_bytes(theirs)
    (port,) = free_ports(1)
    ports = Ports({**secured.ports.of, "gateway": port})
    beside = gateway_part(
        tmp_path / "state", ports, processes.jwks_url(secured.ports, shown), binary, tmp_path
    )
    asker = ssl.create_default_context(cafile=str(shown / "authority" / AUTHORITY))
    asker.load_cert_chain(strangers / "operator" / OWN)
    question = {"query": '{ searchOffers(query: "rien", first: 1) { edges { node { name } } } }'}
    try:
        beside.start(lambda words: None)
        answer = httpx.post(f"{beside.where}/graphql", json=question, verify=asker, timeout=60).json()
    finally:
        beside.stop()
    if believes == "ours":
        assert answer == {"data": {"searchOffers": {"edges": []}}}
    else:
        assert answer["errors"]
        assert not (answer.get("data") or {}).get("searchOffers")
