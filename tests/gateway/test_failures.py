"""A subgraph that fails or is gone costs its own fields, and the client is told which."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from .conftest import Gateway, environment_of
from .routers import gateway
from .test_subscriptions import events

pytestmark = pytest.mark.servers


def test_codes_and_sentences_of_a_subgraph_are_kept(development: Gateway) -> None:
    answer = development.ask('{ offer(id: "missing") { id } now }')
    (error,) = answer["errors"]
    assert answer["data"]["offer"] is None
    assert answer["data"]["now"], "the rest is answered"
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert error["message"] == "Cette offre n'existe pas."
    assert error["path"] == ["offer"]


def test_a_bug_stays_masked_and_traceable(development: Gateway) -> None:
    answer = development.post({"query": '{ offer(id: "bug") { id } }'})
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["traceId"]
    assert "machinery" not in answer.text


@pytest.fixture(scope="module")
def impatient(
    router: str, supergraph: Path, subgraphs: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Gateway, Path]]:
    """A gateway that gives subgraphs one second, whose catalog is down; and its log."""
    log = tmp_path_factory.mktemp(router) / "impatient.log"
    reachable = {**subgraphs, "catalog": "http://127.0.0.1:9"}
    environment = environment_of(supergraph, reachable, PASS_SUBGRAPH_TIMEOUT="1s")
    with gateway(router, environment, log) as url:
        yield Gateway(url, subgraphs), log


def test_a_subgraph_that_is_down_costs_its_own_fields(impatient: tuple[Gateway, Path]) -> None:
    asked, _ = impatient
    answer = asked.ask("{ bookings(first: 1) { id offer { id name } person { firstName } } }")
    assert answer["data"]["bookings"] == [{"id": "1", "offer": None, "person": {"firstName": "Camille 1"}}]
    (error,) = answer["errors"]
    assert error["extensions"]["service"] == "catalog"
    assert error["extensions"]["code"] in ("UNAVAILABLE", "SUBREQUEST_HTTP_ERROR")
    assert "127.0.0.1" not in str(error)


def test_a_root_field_of_a_subgraph_that_is_down_leaves_the_others(
    impatient: tuple[Gateway, Path],
) -> None:
    asked, _ = impatient
    answer = asked.ask("{ offer(id: 1) { name } now }")
    assert answer["data"]["offer"] is None
    assert answer["data"]["now"]
    assert answer["errors"][0]["extensions"]["service"] == "catalog"


def test_the_log_keeps_nothing_that_people_wrote(impatient: tuple[Gateway, Path]) -> None:
    asked, log = impatient
    asked.post(
        {"query": "query ($id: ID!) { offer(id: $id) { name } }", "variables": {"id": "canary@example.fr"}},
        authorization="Bearer canary-token",
    )
    asked.ask('{ offer(id: "canary-literal") { name } }')
    assert "canary" not in log.read_text()


def test_a_slow_subgraph_is_not_waited_for(impatient: tuple[Gateway, Path]) -> None:
    asked, _ = impatient
    began = time.monotonic()
    answer = asked.ask("{ slow(pauseMs: 20000) now }")
    assert time.monotonic() - began < 12
    assert answer["data"]["slow"] is None
    assert answer["data"]["now"]
    assert answer["errors"][0]["extensions"]["code"] in ("UNAVAILABLE", "SUBGRAPH_REQUEST_TIMEOUT")


def test_a_subscription_may_last_longer_than_an_answer(impatient: tuple[Gateway, Path]) -> None:
    asked, _ = impatient
    query = "subscription { bookingChanges(count: 2, pauseMs: 2000) { id person { firstName } } }"
    seen = [event["data"]["bookingChanges"] for event in events(asked, query)]
    assert [change["id"] for change in seen] == ["1", "2"]
    assert all(change["person"] for change in seen)
