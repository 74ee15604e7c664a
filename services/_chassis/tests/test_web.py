"""What every HTTP process of the platform does, whatever it serves."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.telemetry import request_id, trace_id
from chassis.web import Check, build_app, served

CANARY = "canari@example.org"
TRACE = "0123456789abcdef0123456789abcdef"


async def _bug(_: Request) -> Response:
    raise RuntimeError(CANARY)


async def _gone(_: Request) -> Response:
    raise HTTPException(404, "Cette page n'existe pas.")


async def _names(_: Request) -> Response:
    return JSONResponse({"trace": trace_id.get(), "request": request_id.get()})


def client(checks: Mapping[str, Check] | None = None) -> httpx.AsyncClient:
    routes = [Route("/bug", _bug), Route("/gone", _gone), Route("/names", _names)]
    app = build_app(routes=routes, checks=checks or {})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")


async def _well() -> str | None:
    return None


async def _unwell() -> str | None:
    return "at revision None"


async def _broken() -> str | None:
    raise ConnectionRefusedError(CANARY)


async def test_a_process_lives_whatever_it_depends_on() -> None:
    assert (await client({"database": _broken}).get("/healthz")).text == "ok"


async def test_a_process_is_ready_when_each_of_its_checks_is_well() -> None:
    assert (await client({"database": _well}).get("/readyz")).json() == {"ready": True, "problems": {}}
    answer = await client({"database": _broken, "consumer": _unwell, "other": _well}).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == {"database": "ConnectionRefusedError", "consumer": "at revision None"}


async def test_metrics_are_shown() -> None:
    service = client()
    await service.get("/healthz")
    text = (await service.get("/metrics")).text
    assert 'http_request_seconds_count{route="/healthz",status="200"}' in text
    assert "outbox_oldest_seconds" in text


async def test_a_requests_name_and_trace_are_taken_up_and_told() -> None:
    sent = {"x-request-id": "from-the-gateway", "traceparent": f"00-{TRACE}-{'b' * 16}-01"}
    answer = await client().get("/names", headers=sent)
    assert answer.json() == {"trace": TRACE, "request": "from-the-gateway"}
    assert answer.headers["x-request-id"] == "from-the-gateway"

    nameless = await client().get("/names", headers={"traceparent": "nonsense"})
    assert nameless.headers["x-request-id"] == nameless.json()["trace"] == nameless.json()["request"]
    assert len(nameless.json()["trace"]) == 32


async def test_an_http_error_is_told_in_json_with_a_code() -> None:
    answer = await client().get("/gone", headers={"traceparent": f"00-{TRACE}-{'b' * 16}-01"})
    assert answer.status_code == 404
    assert answer.json() == {
        "errors": [
            {"message": "Cette page n'existe pas.", "extensions": {"code": "NOT_FOUND", "traceId": TRACE}}
        ]
    }


async def test_a_bug_is_masked_and_logged_without_its_text(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await client().get("/bug")
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert logged[0]["event"] == "http.bug"
    assert logged[0]["error"] == "RuntimeError"
    assert logged[0]["at"][-1].endswith(":_bug")
    assert CANARY not in answer.text + str(logged) + caplog.text + "".join(capfd.readouterr())


async def test_each_request_is_one_log_line_that_tells_no_path_and_nothing_personal() -> None:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        served(scope).route, served(scope).operation = "/people/{contact}", "findPerson"
        served(scope).code = "GONE"
        await Response(status_code=410)(scope, receive, send)

    app = build_app(routes=[Route("/people/{contact}", _Endpoint(serve))], checks={})
    service = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")
    with structlog.testing.capture_logs() as logged:
        await service.get(f"/people/{CANARY}", params={"q": CANARY}, headers={"authorization": CANARY})
        await service.get(f"/{CANARY}")
        await service.get("/healthz")
        metrics = (await service.get("/metrics")).text
    known, unknown = logged
    assert known.pop("ms") >= 0
    assert known == {
        "event": "http.request",
        "log_level": "info",
        "method": "GET",
        "route": "/people/{contact}",
        "operation": "findPerson",
        "status": 410,
        "code": "GONE",
    }
    assert (unknown["route"], unknown["operation"], unknown["status"]) == ("other", "", 404)
    assert 'http_request_seconds_count{route="/people/{contact}",status="410"}' in metrics
    assert CANARY not in str(logged) + metrics


async def test_who_leaves_before_the_answer_is_told_from_what_went_wrong() -> None:
    async def leave(scope: Scope, receive: Receive, send: Send) -> None: ...

    app = build_app(routes=[Route("/left", _Endpoint(leave)), Route("/bug", _bug)], checks={})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None: ...

    with structlog.testing.capture_logs() as logged:
        for path in ("/left", "/bug"):
            scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
            await app(scope, receive, send)
    lines = [line for line in logged if line["event"] == "http.request"]
    assert [(line["status"], line["code"]) for line in lines] == [(499, ""), (500, "INTERNAL")]


class _Endpoint:
    """An ASGI application that the router does not take for a function of a request."""

    def __init__(self, serve: ASGIApp) -> None:
        self._serve = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._serve(scope, receive, send)


async def test_a_services_own_lifespan_is_entered_and_left() -> None:
    life: list[str] = []

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        life.append("begun")
        yield
        life.append("ended")

    sent: asyncio.Queue[str] = asyncio.Queue()
    for message in ("lifespan.startup", "lifespan.shutdown"):
        sent.put_nowait(message)

    async def receive() -> dict[str, str]:
        return {"type": await sent.get()}

    async def send(_: object) -> None:
        life.append("told")

    await build_app(routes=[], checks={}, lifespan=lifespan)({"type": "lifespan"}, receive, send)
    assert life == ["begun", "told", "ended", "told"]
