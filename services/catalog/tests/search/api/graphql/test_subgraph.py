"""The subgraph: what clients get, and what they hear when they ask nonsense."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from joserfc.jwk import KeySet

from chassis.auth import StaticKeys
from chassis.clock import FixedClock, iso
from chassis.graphql import global_id, print_subgraph
from chassis.testing import EVENT_KEYS, SIGNING_KEY, SubgraphClient, principal
from search.api.graphql import schema
from search.domain.geography import Position
from search.engine.interface import Change
from search.main import application
from search.runtime import SearchRuntime
from search.settings import SearchSettings

SEARCH = """
query Search($query: String! = "", $near: SearchNear, $filters: SearchFilters, $sort: SearchSort! = RELEVANCE,
             $first: Int, $after: String, $last: Int, $before: String) {
  searchOffers(query: $query, near: $near, filters: $filters, sort: $sort, first: $first, after: $after, last: $last,
               before: $before) {
    edges { cursor node {
      offer { id } offerId name venueName city latitude longitude distanceKm pricesCents minPriceCents dates
      isDuo isDigital subcategoryId searchGroup
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@pytest.fixture
async def subgraph(tmp_path: Path, given: SimpleNamespace) -> AsyncIterator[SimpleNamespace]:
    """A client, and the engine behind it; nothing listens to Kafka here."""
    runtime = SearchRuntime.build(
        SearchSettings(
            env="test",
            index_dir=tmp_path,
            kafka="127.0.0.1:1",
            jwks_url="http://127.0.0.1:1/",
            event_keys=EVENT_KEYS,
            writer_megabytes=20,
            time_travel=True,
        ),
        FixedClock(given.now),
    )
    app = application(runtime, StaticKeys(KeySet([SIGNING_KEY])))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://search") as http:
        yield SimpleNamespace(client=SubgraphClient(http), engine=runtime.engine, http=http)
    await runtime.close()


def test_the_committed_schema_is_the_subgraphs_own() -> None:
    committed = Path(__file__).parents[4] / "contracts/search.graphql"
    assert committed.read_text() == print_subgraph(schema.subgraph(introspection=True))


async def test_a_hit_says_all_that_a_list_shows(subgraph: SimpleNamespace, given: SimpleNamespace) -> None:
    later = given.now + timedelta(days=8)
    concert = given.document(
        "0190a1b2-0000-7000-8000-000000000001",
        is_duo=True,
        stocks=[{"price_cents": 2000, "starts_at": later}, {}],
    )
    subgraph.engine.apply([Change(concert.offer_id, concert)])

    found = await subgraph.client.data(
        SEARCH,
        {
            "query": "jazz",
            "near": {"latitude": 48.9, "longitude": 2.3522, "radiusKm": 20},
            "sort": "DISTANCE",
        },
    )

    [edge] = found["searchOffers"]["edges"]
    assert edge["node"] == {
        "offer": {"id": global_id("Offer", concert.offer_id)},
        "offerId": global_id("Offer", concert.offer_id),
        "name": "Concert de jazz",
        "venueName": "Le Petit Bain",
        "city": "Paris",
        "latitude": 48.8566,
        "longitude": 2.3522,
        "distanceKm": pytest.approx(4.826, abs=0.01),
        "pricesCents": [1500, 2000],
        "minPriceCents": 1500,
        "dates": [iso(given.now + timedelta(days=7)), iso(later)],
        "isDuo": True,
        "isDigital": False,
        "subcategoryId": "CONCERT",
        "searchGroup": "MUSIQUE",
    }


async def test_every_filter_reaches_the_engine(subgraph: SimpleNamespace, given: SimpleNamespace) -> None:
    right = {"subcategory_id": "CONCERT", "is_duo": True}
    wrong: dict[str, dict[str, Any]] = {
        "other kind": right | {"subcategory_id": "ABO_CONCERT"},
        "not duo": right | {"is_duo": False},
        "too dear": right | {"stocks": [{"price_cents": 9_000}]},
        "too late": right | {"stocks": [{"starts_at": given.now + timedelta(days=20)}]},
        "too early in the day": right | {"stocks": [{"starts_at": given.now + timedelta(days=7, hours=-5)}]},
        "old": right | {"stocks": [{"created_at": given.now - timedelta(days=30)}]},
        "far": right | {"at": {"position": Position(45.76, 4.83)}},
    }
    documents = [
        given.document("right", **right),
        *(given.document(name, **of) for name, of in wrong.items()),
    ]
    subgraph.engine.apply([Change(found.offer_id, found) for found in documents])

    found = await subgraph.client.data(
        SEARCH,
        {
            "query": "concert",
            "near": {"latitude": 48.85, "longitude": 2.35},
            "sort": "PRICE",
            "filters": {
                "searchGroups": ["MUSIQUE"],
                "subcategories": ["SEANCE_CINE"],
                "events": True,
                "duo": True,
                "minPriceCents": 100,
                "maxPriceCents": 1500,
                "dates": {"from": iso(given.now), "until": iso(given.now + timedelta(days=10))},
                "hours": {"from": "09:00", "until": "12:00:00"},
                "newest": True,
                "digital": False,
            },
        },
    )

    assert [edge["node"]["offerId"] for edge in found["searchOffers"]["edges"]] == [
        global_id("Offer", "right")
    ]


async def test_pages_follow_one_another_without_gap_or_repetition(
    subgraph: SimpleNamespace, given: SimpleNamespace
) -> None:
    subgraph.engine.apply([Change(f"{n}", given.document(f"{n}")) for n in range(45)])

    seen: list[str] = []
    after, more = None, True
    while more:
        page = (await subgraph.client.data(SEARCH, {"after": after}))["searchOffers"]
        seen += [edge["node"]["offerId"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert len(seen) == len(set(seen)) == 45


async def test_pages_from_the_end_are_the_same_in_the_same_order(
    subgraph: SimpleNamespace, given: SimpleNamespace
) -> None:
    subgraph.engine.apply([Change(f"{n}", given.document(f"{n}")) for n in range(45)])
    whole = (await subgraph.client.data(SEARCH, {"first": 100}))["searchOffers"]
    assert (whole["pageInfo"]["hasPreviousPage"], whole["pageInfo"]["hasNextPage"]) == (False, False)

    seen: list[dict[str, Any]] = []
    before, more, ends = None, True, []
    while more:
        page = (await subgraph.client.data(SEARCH, {"last": 20, "before": before}))["searchOffers"]
        seen[:0] = page["edges"]
        ends.append(page["pageInfo"]["hasNextPage"])
        before, more = page["pageInfo"]["startCursor"], page["pageInfo"]["hasPreviousPage"]

    assert seen == whole["edges"]
    assert ends == [False, True, True]


@pytest.mark.parametrize(
    "variables",
    [
        {"near": {"latitude": 48.8, "longitude": 2.3, "radiusKm": -1}},
        {"near": {"latitude": 91, "longitude": 2.3}},
        {"near": {"latitude": 48, "longitude": 200}},
        {"first": 101},
        {"first": 0},
        {"first": -5},
        {"last": 0},
        {"first": 2, "last": 2},
        {"before": "WzEwXQ"},
        {"after": "pas un curseur"},
        {"after": "WzEwLCAiMDAwMDAwMDAwMDAwIl0"},
        {"after": "WzEwXQ"},
        {"sort": "DISTANCE"},
        {"query": "x" * 201},
        {"filters": {"minPriceCents": -1}},
        {"filters": {"free": True, "minPriceCents": 1}},
        {"filters": {"subcategories": ["NIMPORTE_QUOI"]}},
        {"filters": {"searchGroups": ["livre"]}},
        {"filters": {"dates": {"from": "2026-12-02T00:00:00Z", "until": "2026-12-01T00:00:00Z"}}},
        {"filters": {"hours": {"from": "18:00+02:00", "until": "20:00"}}},
    ],
)
async def test_nonsense_is_bad_input(subgraph: SimpleNamespace, variables: dict[str, Any]) -> None:
    answer = await subgraph.client.execute(SEARCH, variables)

    [error] = answer["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["message"].startswith("« ")


@pytest.mark.parametrize(
    "variables",
    [
        {"near": {"latitude": "north", "longitude": 2}},
        {"sort": "BEST"},
        {"filters": {"hours": {"from": "25:00", "until": "26:00"}}},
        {"filters": {"dates": {"from": "tomorrow"}}},
        {"filters": {"maxPriceCents": 12.5}},
    ],
)
async def test_what_the_schema_does_not_allow_is_refused_by_graphql(
    subgraph: SimpleNamespace, variables: dict[str, Any]
) -> None:
    assert await subgraph.client.error_code(SEARCH, variables) in ("GRAPHQL_INVALID", "BAD_INPUT")


async def test_a_cursor_is_only_good_for_its_search(
    subgraph: SimpleNamespace, given: SimpleNamespace
) -> None:
    subgraph.engine.apply([Change(f"{n}", given.document(f"{n}")) for n in range(3)])
    page = await subgraph.client.data(SEARCH, {"first": 1})
    after = page["searchOffers"]["pageInfo"]["endCursor"]

    assert (await subgraph.client.data(SEARCH, {"first": 2, "after": after}))["searchOffers"]["edges"]
    assert await subgraph.client.error_code(SEARCH, {"after": after, "query": "jazz"}) == "BAD_INPUT"
    assert await subgraph.client.error_code(SEARCH, {"before": after, "query": "jazz"}) == "BAD_INPUT"


async def test_anybody_may_search_signed_in_or_not(subgraph: SimpleNamespace) -> None:
    await subgraph.client.data(SEARCH)
    await subgraph.client.data(SEARCH, by=principal("beneficiary"))
    forged = {"authorization": "Bearer forged"}
    assert await subgraph.client.error_code(SEARCH, headers=forged) == "UNAUTHENTICATED"


async def test_what_is_bookable_follows_the_clock_of_the_request(
    subgraph: SimpleNamespace, given: SimpleNamespace
) -> None:
    subgraph.engine.apply([Change("offer", given.document())])

    async def hits(days: int) -> int:
        at = given.now + timedelta(days=days)
        return len((await subgraph.client.data(SEARCH, at=at))["searchOffers"]["edges"])

    assert [await hits(0), await hits(6), await hits(-30)] == [1, 0, 0]


async def test_not_ready_before_the_topics_are_read(subgraph: SimpleNamespace) -> None:
    assert (await subgraph.http.get("/healthz")).status_code == 200
    unready = await subgraph.http.get("/readyz")
    assert unready.status_code == 503
    assert "topics" in unready.json()["problems"]
    metrics = (await subgraph.http.get("/metrics")).text
    assert "search_documents 0.0" in metrics
