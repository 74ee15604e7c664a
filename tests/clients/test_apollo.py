"""Apollo Client: what it keeps is fresh after a mutation, and a document that is unknown is sent whole."""

import json
from pathlib import Path

import pytest

from tests.gateway.routers import gateway

from .conftest import OpenWorkshop


@pytest.mark.clients
def test_the_wallet_that_is_kept_is_fresh_after_a_booking_and_its_cancellation(
    open_node: OpenWorkshop,
) -> None:
    done = open_node("apollo").run("node", "cache.mjs", "api.graphql")
    assert (done.stdout.strip().splitlines()[-1:], done.returncode) == (["fresh"], 0), done.stdout


@pytest.mark.clients
def test_a_document_whose_hash_is_unknown_is_sent_whole(open_node: OpenWorkshop, tmp_path: Path) -> None:
    """Where strangers' documents are answered at all. Of the two routers Hive Gateway says so in Apollo's words."""
    workshop = open_node("apollo")
    with gateway("hive-gateway", {}, tmp_path / "gateway.log") as url:
        done = workshop.run("node", "persisted.mjs", url)
    told = json.loads(done.stdout)
    assert told["data"]["__schema"]["queryType"]["name"] == "Query"
    assert told["asked"] == ["hash", "document"]
