"""The HTTP process of a service: probes, metrics, request ids, body limit, graceful drain."""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from types import FrameType

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.incoming import CLIENT_ADDRESS_HEADER, take_client_address
from chassis.inner_tls import PEER
from chassis.patience import ImpatientProtocol
from chassis.settings import CommonSettings
from chassis.telemetry import (
    IN_FLIGHT,
    LATENCY,
    frames,
    log,
    refusals,
    request_id,
    start_trace,
    trace_id,
)

MAX_BODY_BYTES = 256 * 1024
_DRAIN_SECONDS = 10
_PEER_TIMEOUT_MS = 30_000

Check = Callable[[], Awaitable[str | None]]
"""A readiness check: None when well, else what is wrong."""


def build_app(
    *,
    routes: Sequence[BaseRoute],
    checks: Mapping[str, Check],
    lifespan: Callable[[], AbstractAsyncContextManager[None]] | None = None,
    client_address_header: str = CLIENT_ADDRESS_HEADER,
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
    # The service's own routes first: they are asked for a thousand times as often.
    return _EveryRequest(
        Starlette(
            routes=[*routes, *probes],
            lifespan=whole_life,
            exception_handlers={HTTPException: _refusal, Exception: _bug},
        ),
        client_address_header,
    )


async def _guarded(check: Check) -> str | None:
    try:
        return await check()
    except Exception as error:
        return type(error).__name__


_CODES = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND", 413: "LIMIT_EXCEEDED"}


def _problem(status: int, code: str, message: str) -> Response:
    problem = {"message": message, "extensions": {"code": code, "traceId": trace_id.get()}}
    return JSONResponse({"errors": [problem]}, status_code=status)


async def _refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _problem(error.status_code, _CODES.get(error.status_code, "BAD_INPUT"), error.detail)


async def _bug(_: Request, __: Exception) -> Response:
    return _problem(500, "INTERNAL", "Une erreur inattendue s'est produite. Elle a été enregistrée.")


_ASKERS = frozenset({None, "door", "gateway", "operator"})
"""The parts that ask for people, and the one that watches; None: whoever comes, where TLS is off."""

_FOR_ALL_PARTS = frozenset({"/.well-known/jwks.json", "/healthz", "/readyz"})


def _is_believed(scope: Scope) -> bool:
    """Whether who asks may: a context that was broken into would write any client's address, and guess on."""
    return scope.get(PEER) in _ASKERS or scope["path"] in _FOR_ALL_PARTS


_SERVED = "chassis.served"


@dataclass(slots=True)
class Served:
    """What the request's log line and metric say of it, filled in by whoever serves it; nothing personal."""

    route: str = ""
    """Of a small, fixed set: it is a label of a metric. Empty: the path where it is known, else `other`."""
    operation: str = ""
    code: str = ""
    """Why it was refused or failed, empty when it was not."""


def served(scope: Scope) -> Served:
    """The record of the request of this scope."""
    record: Served = scope.setdefault(_SERVED, Served())
    return record


class _EveryRequest:
    """What every request passes first. Plain ASGI: it costs microseconds."""

    def __init__(self, app: ASGIApp, client_address_header: str) -> None:
        self._app = app
        self._client_address_header = client_address_header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        take_client_address(scope, headers, self._client_address_header)
        trace = start_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        name = headers.get(b"x-request-id", b"")[:128] or trace.encode()
        request_id.set(name.decode("latin-1"))
        record = served(scope)
        refused: list[str] = []
        refusals.set(refused)
        started = time.perf_counter()
        status = _LEFT

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name)]
            await send(message)

        IN_FLIGHT.inc()
        try:
            if _is_believed(scope):
                await self._app(scope, _limited(receive, headers), send_with_id)
            else:
                record.code = "FORBIDDEN"
                stranger = _problem(403, record.code, "Cette partie de la plateforme ne demande rien ici.")
                await stranger(scope, receive, send_with_id)
        except Exception as error:
            # The answer is sent already, by `_bug`. The server would log the error with its text.
            log.error("http.bug", error=type(error).__name__, at=frames(error.__traceback__))
            status, record.code = 500, "INTERNAL"
        finally:
            IN_FLIGHT.dec()
            seconds, path = time.perf_counter() - started, scope["path"]
            route = record.route or (path if path in _KNOWN_PATHS else "other")
            _latency(route, status).observe(seconds)
            if path not in _PROBES:
                # The path is not told: it may hold a contact, a code, a key.
                log.info(
                    "http.request",
                    method=scope["method"],
                    route=route,
                    operation=record.operation,
                    status=status,
                    code=record.code or next(iter(refused), ""),
                    ms=round(seconds * 1000, 1),
                )


@lru_cache
def _latency(route: str, status: int) -> Histogram:
    return LATENCY.labels(route, status)


_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_KNOWN_PATHS = _PROBES | {"/graphql", "/.well-known/jwks.json"}

_LEFT = 499
"""The status of a request whose client left before it was answered."""


def _declared_length(headers: Mapping[bytes, bytes]) -> int:
    try:
        return int(headers.get(b"content-length", b"0"))
    except ValueError:
        return 0


def _limited(receive: Receive, headers: Mapping[bytes, bytes]) -> Receive:
    """`receive`, refusing a body as soon as it is known to be too large, before reading it where possible."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        if received == 0 and _declared_length(headers) > MAX_BODY_BYTES:
            raise _TOO_LARGE
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise _TOO_LARGE
        return message

    return limited


_TOO_LARGE = HTTPException(413, "La requête est trop longue.")


class _Server(uvicorn.Server):
    """Ends with the process alive after SIGTERM, so that what the server used can be closed in order."""

    def __init__(self, config: uvicorn.Config, on_exit: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_exit = on_exit

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._on_exit()
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                # Inherited by each connection: a peer that is gone, or reads nothing more, is found and let go.
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _PEER_TIMEOUT_MS)
                log.info("http.listening", port=listening.getsockname()[1])


async def serve_http(
    app: ASGIApp, settings: CommonSettings, port: int, on_exit: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGTERM or SIGINT, then let requests in flight end (10 s at most).

    `on_exit` is called first: what would never end by itself is ended by it. With inner TLS only parts with a
    certificate are listened to.
    """
    tls = settings.inner()
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=port,
        loop="none",
        http=ImpatientProtocol,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # the address of the client is read where it is needed, from what the gateway says
        date_header=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        timeout_keep_alive=65,
        backlog=4096,
        ssl_context_factory=None if tls is None else lambda *_: tls.server,
    )
    async with nullcontext() if tls is None else tls.followed():
        await _Server(config, on_exit).serve()
