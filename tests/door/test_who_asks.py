"""The door alone says where a request comes from, and gives every request a name and a trace."""

import re

import httpx
import pytest

from .conftest import Door

pytestmark = pytest.mark.servers

FORGED = {
    "x-forwarded-for": "6.6.6.6",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-real-ip": "6.6.6.6",
    "forwarded": "for=6.6.6.6",
    "x-client-ip": "6.6.6.6",
    "true-client-ip": "6.6.6.6",
    "cf-connecting-ip": "6.6.6.6",
    "x-pass-client-address": "6.6.6.6",
}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize("path", ["/graphql", "/v2/bookings", "/public/offers/v1", "/files/finance/x"])
def test_a_client_cannot_forge_its_address(door: Door, path: str) -> None:
    seen = door.seen(path, headers=FORGED)
    assert seen["x-pass-client-address"] == ["127.0.0.1"]
    assert not any("6.6.6.6" in value or "evil" in value for values in seen.values() for value in values)


def test_two_addresses_at_once_are_no_way_round(door: Door) -> None:
    twice = [("content-type", "application/json"), *[("x-pass-client-address", f"6.6.6.{n}") for n in (6, 7)]]
    door.asked.clear()
    assert httpx.post(f"{door.address}/graphql", headers=twice, content=b"{}").status_code == 200
    assert door.asked[0]["x-pass-client-address"] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("6.6.6.6, 192.0.2.7", "192.0.2.7"),  # what stands before the first stranger is his own claim
        ("192.0.2.7, 10.1.2.3", "192.0.2.7"),  # two proxies of ours
        ("2001:db8::7", "2001:db8::7"),
        ("nonsense", "127.0.0.1"),
    ],
)
def test_a_trusted_proxy_says_for_whom_it_asks(production: Door, forwarded: str, address: str) -> None:
    seen = production.seen(headers={"x-forwarded-for": forwarded, "x-real-ip": "6.6.6.6"})
    assert seen["x-pass-client-address"] == [address]


def test_every_request_has_a_trace_and_a_name(door: Door) -> None:
    first, second = door.seen(), door.seen()
    (trace,) = first["traceparent"]
    found = re.fullmatch(r"00-([0-9a-f]{32})-([0-9a-f]{16})-01", trace)
    assert found
    assert first["x-request-id"] == [found[1]]
    assert second["traceparent"] != first["traceparent"]


def test_the_clients_own_trace_and_name_are_kept(door: Door) -> None:
    seen = door.seen(headers={"traceparent": TRACE, "x-request-id": "commande-12"})
    assert (seen["traceparent"], seen["x-request-id"]) == ([TRACE], ["commande-12"])
    answer = door.post(content=b"{}", headers={"x-request-id": "commande-12"})
    assert answer.headers["x-request-id"] == "commande-12"


@pytest.mark.parametrize(
    "broken",
    [
        "x",
        TRACE.upper().replace("00-", "00-"),
        TRACE + "-more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    ],
)
def test_a_broken_trace_is_replaced(door: Door, broken: str) -> None:
    (trace,) = door.seen(headers={"traceparent": broken})["traceparent"]
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace)
    assert trace != broken


@pytest.mark.parametrize("name", ["a b", "camille@exemple.fr", "x" * 65, '"}'])
def test_a_name_that_is_none_is_replaced(door: Door, name: str) -> None:
    assert door.seen(headers={"x-request-id": name})["x-request-id"] != [name]
