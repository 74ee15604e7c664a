"""One operation a request, over JSON or as server-sent events, for whom and when the headers say."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest
import structlog
from joserfc.jwk import KeySet
from notebook.nights import CANARY
from notebook.schema import build
from starlette.routing import Route

from chassis.auth import StaticKeys, TokenVerifier
from chassis.clock import FixedClock
from chassis.graphql import sse
from chassis.graphql.schema import Subgraph
from chassis.graphql.view import GraphQLView
from chassis.testing import SIGNING_KEY, TODAY, SubgraphClient, principal
from chassis.web import build_app


async def test_the_business_clock_moves_only_with_time_travel(subgraph: SubgraphClient) -> None:
    then = datetime(2019, 2, 1, 8, 30, tzinfo=UTC)
    assert await subgraph.data("{now}") == {"now": "2026-11-22T10:00:00Z"}
    assert await subgraph.data("{now}", at=then) == {"now": "2019-02-01T08:30:00Z"}
    assert await subgraph.error_code("{now}", headers={"x-pass-clock": "yesterday"}) == "BAD_INPUT"
    assert await subgraph.error_code("{now}", headers={"x-pass-clock": "2019-02-01T08:30:00"}) == "BAD_INPUT"

    present = await _asgi(build(True), time_travel=False)
    assert await present.data("{now}", at=then) == {"now": "2026-11-22T10:00:00Z"}


async def test_introspection_and_the_subgraphs_sdl_are_closed_in_production() -> None:
    production = await _asgi(build(False))
    for query in ("{__schema{queryType{name}}}", '{__type(name:"Note"){name}}', "{_service{sdl}}"):
        assert await production.error_code(query) == "GRAPHQL_INVALID"
    assert await production.data("{__typename now}") == {"__typename": "Query", "now": "2026-11-22T10:00:00Z"}
    development = await _asgi(build(True))
    assert "type Note @key" in (await development.data("{_service{sdl}}"))["_service"]["sdl"]


async def test_the_person_of_the_token_is_the_person_of_the_request(subgraph: SubgraphClient) -> None:
    who = principal("pro")
    assert await subgraph.data("{me}", by=who) == {"me": str(who.person_id)}


async def test_the_client_is_who_the_door_saw_and_nobody_else_is_believed(subgraph: SubgraphClient) -> None:
    forged = {"x-forwarded-for": "6.6.6.6, 192.0.2.7", "x-real-ip": "6.6.6.6", "forwarded": "for=6.6.6.6"}
    assert await subgraph.data("{address}", headers=forged) == {"address": "127.0.0.1"}
    seen = await subgraph.data("{address}", headers={**forged, "x-pass-client-address": "192.0.2.7"})
    assert seen == {"address": "192.0.2.7"}


@pytest.mark.parametrize(
    ("query", "operation", "code"),
    [
        ("query Clock {now}", "Clock", ""),
        ("{now}", "", ""),
        ("query Who {me}", "Who", "UNAUTHENTICATED"),
        ("query {", "", "GRAPHQL_INVALID"),
        (f"query {'N' * 200} {{now}}", "N" * 80, ""),
    ],
)
async def test_the_log_line_says_which_operation_was_asked_and_why_it_was_refused(
    query: str, operation: str, code: str, subgraph: SubgraphClient
) -> None:
    with structlog.testing.capture_logs() as logged:
        await subgraph.execute(query)
    (line,) = (line for line in logged if line["event"] == "http.request")
    assert (line["route"], line["operation"], line["status"], line["code"]) == (
        "/graphql",
        operation,
        200,
        code,
    )


async def test_the_named_operation_is_executed(subgraph: SubgraphClient) -> None:
    body = {"query": "query A{now} query B{__typename}", "operationName": "B"}
    response = await subgraph.http.post("/graphql", json=body)
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_a_subscription_is_streamed_in_events_framed_by_line_feeds(subgraph: SubgraphClient) -> None:
    response = await _post(subgraph, "subscription{ticks(count: 2)}")
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.content == (
        b'event: next\ndata: {"data":{"ticks":0}}\n\n'
        b'event: next\ndata: {"data":{"ticks":1}}\n\n'
        b"event: complete\ndata:\n\n"
    )


async def test_one_result_is_an_event_only_for_who_reads_nothing_else(subgraph: SubgraphClient) -> None:
    assert (await _post(subgraph, "{__typename}")).content == (
        b'event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata:\n\n'
    )
    for accept in ("application/json, text/event-stream", "text/event-stream, */*"):
        answer = await _post(subgraph, "{__typename}", accept)
        assert answer.json() == {"data": {"__typename": "Query"}}
        streamed = await _post(subgraph, "subscription{ticks(count: 1)}", accept)
        assert streamed.text.startswith("event: next\n")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription{", "GRAPHQL_INVALID"),
        ("subscription{nothing}", "GRAPHQL_INVALID"),
        ('subscription{ticks(count: "two")}', "BAD_INPUT"),
        ("subscription($n: Int!){ticks(count: $n)}", "BAD_INPUT"),
        ("subscription{" + " ".join(f"a{n}: ticks(count: 1)" for n in range(40)) + "}", "LIMIT_EXCEEDED"),
    ],
)
async def test_a_wrong_subscription_is_an_event_with_the_error(
    query: str, code: str, subgraph: SubgraphClient
) -> None:
    first, last, rest = (await _post(subgraph, query)).text.split("\n\n")
    assert orjson.loads(first.partition("data: ")[2])["errors"][0]["extensions"]["code"] == code
    assert (last, rest) == ("event: complete\ndata:", "")


async def test_a_subscription_that_breaks_ends_with_a_masked_error(subgraph: SubgraphClient) -> None:
    text = (await _post(subgraph, "subscription{breaks}")).text
    assert text.count("event: next") == 2
    assert '"INTERNAL"' in text
    assert text.endswith("event: complete\ndata:\n\n")
    assert CANARY not in text


class Client:
    """The other end of an ASGI connection: what it was sent, and when it leaves."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.bodies.append(message["body"])

    async def ask(self, results: AsyncIterator[bytes]) -> None:
        await sse.EventStream(results)({"type": "http"}, self.receive, self.send)


async def test_a_silent_subscription_shows_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "_PULSE", sse._Pulse())
    monkeypatch.setattr(sse, "_PING_SECONDS", 0.01)
    monkeypatch.setattr(sse, "_LOOK_SECONDS", 0.01)

    async def quiet() -> AsyncIterator[bytes]:
        await asyncio.sleep(0.2)
        yield b"{}"

    client = Client()
    await client.ask(quiet())
    assert client.bodies[0] == b": ping\n\n"
    assert client.bodies[-2:] == [b"event: next\ndata: {}\n\n", b"event: complete\ndata:\n\n"]


async def test_a_client_that_takes_nothing_is_sent_one_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "_PULSE", sse._Pulse())
    monkeypatch.setattr(sse, "_PING_SECONDS", 0.01)
    monkeypatch.setattr(sse, "_LOOK_SECONDS", 0.01)
    stuck = []

    class Full(Client):
        async def send(self, message: Any) -> None:
            if message["type"] == "http.response.body":
                stuck.append(message)
                await self.left.wait()

    async def quiet() -> AsyncIterator[bytes]:
        await asyncio.sleep(3600)
        yield b"{}"

    client = Full()
    asking = asyncio.create_task(client.ask(quiet()))
    await asyncio.sleep(0.2)
    assert len(stuck) == 1
    client.left.set()
    await asyncio.wait_for(asking, 30)


async def test_a_subscription_is_closed_when_its_reader_leaves() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"{}"
                await asyncio.sleep(3600)
        finally:
            closed.set()

    client = Client()
    asking = asyncio.create_task(client.ask(endless()))
    await asyncio.sleep(0.01)
    client.left.set()
    await asyncio.wait_for(asking, 30)
    assert closed.is_set()


async def test_a_subscription_is_closed_when_the_process_ends() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"{}"
                await asyncio.sleep(3600)
        finally:
            closed.set()

    asking = asyncio.create_task(Client().ask(endless()))
    await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait((asking,))
    assert asking.cancelled()
    assert closed.is_set()


async def _post(subgraph: SubgraphClient, query: str, accept: str = "text/event-stream") -> httpx.Response:
    return await subgraph.http.post("/graphql", json={"query": query}, headers={"accept": accept})


async def _asgi(schema: Subgraph, *, time_travel: bool = True) -> SubgraphClient:
    view = GraphQLView(
        schema,
        runtime=None,
        verifier=TokenVerifier(StaticKeys(KeySet([SIGNING_KEY]))),
        clock=FixedClock(TODAY),
        time_travel=time_travel,
    )
    app = build_app(routes=[Route("/graphql", view, methods=["POST"])], checks={})
    return SubgraphClient(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://subgraph"))
