"""Documents made to be expensive are refused before any subgraph hears of them."""

import json

import httpx
import pytest

from .conftest import SUBGRAPHS, Gateway

pytestmark = pytest.mark.servers


def _nested(levels: int) -> str:
    return "{ offer(id: 1) " + "{ similar " * levels + "{ id }" + " }" * levels + " }"


def _through_fragments(levels: int) -> str:
    spread = " ".join(f"fragment f{n} on Offer {{ similar {{ ...f{n + 1} }} }}" for n in range(levels))
    return f"{{ offer(id: 1) {{ ...f0 }} }} {spread} fragment f{levels} on Offer {{ id }}"


def _doubling(fragments: int) -> str:
    """2^fragments fields out of few tokens."""
    doubled = " ".join(
        f"fragment f{n} on Offer {{ a: similar {{ ...f{n + 1} }} b: similar {{ ...f{n + 1} }} }}"
        for n in range(fragments)
    )
    return f"{{ offer(id: 1) {{ ...f0 }} }} {doubled} fragment f{fragments} on Offer {{ id }}"


HOSTILE = {
    "depth": _nested(12),
    "depth through fragments": _through_fragments(12),
    "a cycle of fragments": "{ offer(id: 1) { ...a } } fragment a on Offer { similar { ...b } } "
    "fragment b on Offer { similar { ...a } }",
    "doubling fragments": _doubling(8),
    "aliases": "{ " + " ".join(f"a{n}: now" for n in range(40)) + " }",
    "tokens": "{ offer(id: 1) { " + "id " * 2000 + "} }",
    "directives": "{ offer(id: 1) { " + " ".join("id @include(if: true)" for _ in range(60)) + " } }",
    "one field, many directives": "{ now " + "@include(if: true) " * 60 + "}",
    "not GraphQL": "{ offer(id: 1) { id ",
    "an unknown field": "{ secrets }",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_refused_at_the_gateway(development: Gateway, kind: str) -> None:
    for name in SUBGRAPHS:
        development.seen_by(name)
    answer = development.ask(HOSTILE[kind])
    assert answer.get("data") is None
    assert answer["errors"][0]["message"]
    assert [development.seen_by(name) for name in SUBGRAPHS] == [[], [], []]


@pytest.mark.parametrize("body", ["declared", "chunked"])
def test_a_body_of_a_megabyte_is_not_read(development: Gateway, body: str) -> None:
    whole = json.dumps({"query": "{ now }" + " " * 1_000_000}).encode()
    pieces = (whole[start : start + 65_536] for start in range(0, len(whole), 65_536))
    try:
        answer = httpx.post(
            development.url,
            content=whole if body == "declared" else pieces,
            headers={"content-type": "application/json"},
            timeout=10,
        )
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        return  # the connection was closed on us in mid-sentence, which is a refusal too
    assert answer.status_code == 413
    assert development.ask("{ now }")["data"]["now"], "and it goes on serving others"


def test_batches_are_refused(development: Gateway) -> None:
    answer = development.post([{"query": "{ now }"}] * 3)
    assert answer.status_code == 400
    assert "now" not in answer.text


@pytest.mark.parametrize(
    "junk", ["", "null", "[]", "{}", '{"query": 5}', '{"query": "{ now }", "variables": "x"}', "{"]
)
def test_junk_is_an_error_and_not_a_crash(development: Gateway, junk: str) -> None:
    answer = httpx.post(development.url, content=junk, headers={"content-type": "application/json"})
    assert answer.status_code < 500
    assert answer.json()["errors"]
    assert development.ask("{ now }")["data"]["now"]


def test_a_foreign_page_cannot_ask_without_asking_first(development: Gateway) -> None:
    """A GET or a form post is sent by browsers without a preflight."""
    body = '{"query": "{ now }"}'
    tries = [
        httpx.get(development.url, params={"query": "{ now }"}),
        httpx.post(development.url, content=body, headers={"content-type": "text/plain"}),
    ]
    for answer in tries:
        assert 400 <= answer.status_code < 500
        assert "data" not in answer.text


def test_introspection_is_for_development(development: Gateway, production: Gateway) -> None:
    question = '{ __schema { queryType { name } } __type(name: "Offer") { name } }'
    assert development.ask(question)["data"]["__schema"] == {"queryType": {"name": "Query"}}
    refused = production.ask(question)
    assert refused.get("data") is None
    assert "ntrospection" in refused["errors"][0]["message"]


def test_production_does_not_suggest_names(production: Gateway) -> None:
    answer = production.ask("{ offer(id: 1) { nam } }")
    assert "name" not in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("origin", "mode", "allowed"),
    [
        ("http://localhost:5173", "development", True),
        ("https://evil.example", "development", False),
        ("http://localhost.evil.example", "development", False),
        ("https://pro.pass.example", "production", True),
        ("https://pro.pass.example.evil.example", "production", False),
        ("http://localhost:5173", "production", False),
    ],
)
def test_only_the_portals_pages_may_call(
    request: pytest.FixtureRequest, router: str, origin: str, mode: str, allowed: bool
) -> None:
    gateway: Gateway = request.getfixturevalue(mode)
    preflight = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    answer = httpx.options(gateway.url, headers=preflight)
    assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
    assert "access-control-allow-credentials" not in answer.headers


def test_hive_router_counts_the_rows_an_operation_may_ask_for(development: Gateway, router: str) -> None:
    """Lists within lists: 20 × 20 × 20 rows. Hive Gateway cannot count; the subgraphs bound each list."""
    if router != "hive-router":
        pytest.skip("Hive Gateway does not count rows")
    answer = development.ask("{ bookings { person { bookings { person { bookings { id } } } } } }")
    assert answer.get("data") is None
    assert "cost" in answer["errors"][0]["message"].lower()
