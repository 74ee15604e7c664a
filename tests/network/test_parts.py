"""Every process that listens inside listens to parts with a certificate of ours alone, and to each for what it is."""

import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from chassis.inner_tls import AUTHORITY, inner_tls
from local_platform.platform.platform import Platform
from local_platform.servers.parts import ProcessPart

pytestmark = [pytest.mark.platform, pytest.mark.servers]

WORKERS = ("identity-worker", "catalog-worker", "booking-worker", "finance-worker")
SERVING = ("identity", "catalog", "search", "booking", "finance")
QUESTION = {"query": "{ __typename }"}
Ask = Callable[..., httpx.Response]


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
