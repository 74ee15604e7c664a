"""The HTTP process of a service: probes, metrics, request ids, body limit, graceful drain."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.settings import CommonSettings
from chassis.telemetry import IN_FLIGHT, LATENCY, start_trace

MAX_BODY_BYTES = 256 * 1024
_DRAIN_SECONDS = 10

Check = Callable[[], Awaitable[str | None]]
"""A readiness check: None when well, else what is wrong."""


def build_app(
    *,
    routes: Sequence[BaseRoute],
    checks: Mapping[str, Check],
    lifespan: Callable[[], AbstractAsyncContextManager[None]] | None = None,
) -> ASGIApp:
    """`/healthz` says that the process lives, `/readyz` that everything it needs answers."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        problems = {}
        for name, check in checks.items():
            if (problem := await _guarded(check)) is not None:
                problems[name] = problem
        verdict = {"ready": not problems, "problems": problems}
        return JSONResponse(verdict, status_code=503 if problems else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @asynccontextmanager
    async def whole_life(_: Starlette) -> AsyncIterator[None]:
        if lifespan is None:
            yield
        else:
            async with lifespan():
                yield

    probes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    return _Door(Starlette(routes=[*probes, *routes], lifespan=whole_life))


async def _guarded(check: Check) -> str | None:
    try:
        return await check()
    except Exception as error:
        return type(error).__name__


class _BodyTooLarge(Exception):
    pass


class _Door:
    """What every request passes first. Plain ASGI: it costs microseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        trace = start_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        request_id = headers.get(b"x-request-id", trace.encode())[:128]
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id)]
            await send(message)

        IN_FLIGHT.inc()
        try:
            if _declared_length(headers) > MAX_BODY_BYTES:
                raise _BodyTooLarge
            await self._app(scope, _limited(receive), send_with_id)
        except _BodyTooLarge:
            refusal = {
                "errors": [
                    {"message": "La requête est trop longue.", "extensions": {"code": "LIMIT_EXCEEDED"}}
                ]
            }
            await JSONResponse(refusal, status_code=413)(scope, receive, send_with_id)
        finally:
            IN_FLIGHT.dec()
            LATENCY.labels(scope["path"] if scope["path"] in _KNOWN_PATHS else "other", status).observe(
                time.perf_counter() - started
            )


_KNOWN_PATHS = frozenset({"/graphql", "/healthz", "/readyz", "/metrics", "/.well-known/jwks.json"})


def _declared_length(headers: Mapping[bytes, bytes]) -> int:
    try:
        return int(headers.get(b"content-length", b"0"))
    except ValueError:
        return 0


def _limited(receive: Receive) -> Receive:
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise _BodyTooLarge
        return message

    return limited


async def serve_http(app: ASGIApp, settings: CommonSettings, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then let requests in flight end (10 s at most)."""
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=port,
        loop="none",
        http="httptools",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        timeout_keep_alive=65,
        backlog=4096,
    )
    await uvicorn.Server(config).serve()
