"""Events reach the client as they happen, joined like any answer, and nobody is left watching for nothing."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from .conftest import Gateway, Issuer

pytestmark = pytest.mark.servers


def events(asked: Gateway, query: str, **headers: str) -> Iterator[dict[str, Any]]:
    sent = {"accept": "text/event-stream", **headers}
    with httpx.stream("POST", asked.url, json={"query": query}, headers=sent, timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data:") and len(line) > len("data: "):
                yield json.loads(line.removeprefix("data:"))


def test_every_event_arrives_with_the_fields_of_other_subgraphs(development: Gateway) -> None:
    query = "subscription { bookingChanges(count: 3) { id offer { name } person { firstName } } }"
    assert [event["data"]["bookingChanges"] for event in events(development, query)] == [
        {"id": str(rank), "offer": {"name": f"Concert {rank}"}, "person": {"firstName": f"Camille {rank}"}}
        for rank in (1, 2, 3)
    ]


def test_events_are_not_held_back(development: Gateway) -> None:
    began = time.monotonic()
    for _ in events(development, "subscription { bookingChanges(count: 2, pauseMs: 10000) { id } }"):
        assert time.monotonic() - began < 8
        break


def test_a_bad_token_cannot_watch(development: Gateway, issuer: Issuer) -> None:
    token = issuer.token(lifetime_seconds=-60)
    query = "subscription { bookingChanges(count: 1) { id } }"
    answer = httpx.post(
        development.url,
        json={"query": query},
        headers={"accept": "text/event-stream", "authorization": f"Bearer {token}"},
    )
    assert "errors" in answer.text
    assert '"id"' not in answer.text


def test_a_client_that_goes_away_is_no_longer_watching(development: Gateway) -> None:
    for _ in events(development, "subscription { bookingChanges(count: 1000, pauseMs: 50) { id } }"):
        assert development.ask("{ watchers }")["data"]["watchers"] >= 1
        break
    deadline = time.monotonic() + 30
    while development.ask("{ watchers }")["data"]["watchers"]:
        assert time.monotonic() < deadline, "the subgraph still sends"
        time.sleep(0.1)


def test_who_may_not_watch_is_told_why(development: Gateway) -> None:
    (answer,) = events(development, "subscription { ownChanges { id } }")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert answer["errors"][0]["message"] == "Connectez-vous pour continuer."


def test_a_stream_that_we_end_says_why(development: Gateway, issuer: Issuer) -> None:
    query = "subscription { ownChanges(goodFor: 2) { id } }"
    *told, last = events(development, query, authorization=f"Bearer {issuer.token()}")
    assert [event["data"]["ownChanges"]["id"] for event in told] == ["1", "2"]
    assert last["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "reprenez" in last["errors"][0]["message"]
