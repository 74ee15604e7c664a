"""What the subgraphs know apart, a client asks at once; what they are told of the request is a closed list."""

import httpx
import pytest

from .conftest import Gateway

pytestmark = pytest.mark.servers


def test_entities_are_joined_across_subgraphs(development: Gateway) -> None:
    answer = development.ask(
        "{ now bookings(first: 2) { quantity offer { name isBooked } person { firstName bookings(first: 1) { id } } } }"
    )
    assert "errors" not in answer
    assert answer["data"]["now"]
    assert answer["data"]["bookings"] == [
        {
            "quantity": 1 + rank % 2,
            "offer": {"name": f"Concert {rank}", "isBooked": True},
            "person": {"firstName": f"Camille {rank}", "bookings": [{"id": "1"}]},
        }
        for rank in (1, 2)
    ]


def test_a_list_of_references_is_one_question_to_the_other_subgraph(development: Gateway) -> None:
    development.seen_by("catalog")
    development.ask("{ bookings(first: 20) { offer { name } } }")
    assert len(development.seen_by("catalog")) == 1


def test_a_mutation_answers_with_another_subgraphs_fields(development: Gateway) -> None:
    answer = development.ask('mutation { book(offerId: "7") { id offer { name } } }')
    assert answer == {"data": {"book": {"id": "7", "offer": {"name": "Concert 7"}}}}


TOLD = {
    "accept-language": "fr-FR",
    "x-request-id": "4f1c",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "x-pass-clock": "2019-05-01T10:00:00Z",
    "x-pass-client-address": "192.0.2.7",
}
KEPT = {
    "cookie": "session=1",
    "x-user-id": "1",
    "x-edge-client": "198.51.100.9",
    "x-forwarded-for": "198.51.100.7",
    "x-real-ip": "198.51.100.7",
    "forwarded": "for=198.51.100.7",
}


def test_subgraphs_are_told_a_closed_list_of_headers(development: Gateway) -> None:
    development.seen_by("catalog")
    answer = httpx.post(
        development.url, json={"query": "{ bookings(first: 1) { offer { name } } }"}, headers={**TOLD, **KEPT}
    )
    assert "errors" not in answer.json()
    (seen,) = development.seen_by("catalog")
    assert {name: seen.get(name) for name in TOLD} == TOLD
    assert not set(KEPT) & set(seen)


def test_the_clients_address_is_handed_on_in_the_header_that_is_named(production: Gateway) -> None:
    production.seen_by("identity")
    production.ask("{ now }", **KEPT)
    (seen,) = production.seen_by("identity")
    assert seen["x-edge-client"] == "198.51.100.9"


def test_the_business_clock_travels_with_the_request(development: Gateway) -> None:
    answer = development.ask("{ now }", x_pass_clock="2019-05-01T10:00:00Z")
    assert answer["data"] == {"now": "2019-05-01T10:00:00+00:00"}


def test_equal_questions_at_once_are_asked_for_each(development: Gateway) -> None:
    import asyncio

    async def ask_at_once() -> None:
        async with httpx.AsyncClient() as client:
            await asyncio.gather(*(client.post(development.url, json={"query": "{ now }"}) for _ in range(5)))

    development.seen_by("identity")
    asyncio.run(ask_at_once())
    assert len(development.seen_by("identity")) == 5
