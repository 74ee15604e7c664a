"""Endpoints over HTTP: one ASGI application per path, which answers every method and every mistake."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from chassis import throttle
from chassis.auth import InvalidToken, TokenVerifier
from chassis.incoming import Headers, WrongInstant, business_instant, client_address
from chassis.refusals import Refusal
from chassis.rest.callers import Caller, KeyRing, Recognition, Scheme
from chassis.rest.conditional import etag_of_bytes, is_unchanged
from chassis.rest.endpoint import Answer, Call, Endpoint, RateLimit, Refused
from chassis.rest.members import members_of
from chassis.rest.models import Nothing
from chassis.rest.problems import Problem, ProblemCode, problem_of, respond, response_of, too_many
from chassis.rest.reading import read_body, read_idempotency_key, read_path, read_query
from chassis.security_log import SecurityLog, Watch
from chassis.telemetry import frames, log
from chassis.web import Served, served

FAILED_RECOGNITIONS = RateLimit(60, timedelta(minutes=1))
"""Wrong keys and tokens that one address may present before it is told to wait."""

_NOTHING = Nothing()


def _no_rings(_: Any) -> Mapping[Scheme, KeyRing]:
    return {}


@dataclass(frozen=True, slots=True)
class RestApi:
    """The REST side of a service, as data."""

    title: str
    version: str
    """Of the contract: grows with every change of it."""
    endpoints: Sequence[Endpoint[Any, Any, Any]]
    description: str = ""
    key_rings: Callable[[Any], Mapping[Scheme, KeyRing]] = field(default=_no_rings)
    """`key_rings(runtime)`: where the keys of partners and devices are."""

    def routes(
        self, runtime: Any, verifier: TokenVerifier, security: SecurityLog | None = None
    ) -> list[Route]:
        """One route per path, and last what answers for paths that do not exist beside them."""
        recognition = Recognition(verifier, self.key_rings(runtime))
        paths: dict[str, dict[str, Endpoint[Any, Any, Any]]] = {}
        for endpoint in self.endpoints:
            methods = paths.setdefault(endpoint.path, {})
            if endpoint.method in methods:
                raise ValueError(f"{endpoint.method} {endpoint.path} is declared twice")
            methods[endpoint.method] = endpoint
        kept = security or SecurityLog(Watch(), lambda _: "")
        known = [
            Route(path, _Resource(methods, runtime, recognition, kept)) for path, methods in paths.items()
        ]
        roots = sorted({path.split("/")[1] for path in paths})
        return [*known, *(Route(f"/{root}/{{rest:path}}", _Nowhere()) for root in roots)]


class _Nowhere:
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = Problem(ProblemCode.NOT_FOUND, "Aucune ressource n'a cette adresse.")
        served(scope).code = problem.code.value
        await response_of(problem)(scope, receive, send)


class _Resource:
    """All methods of one path."""

    def __init__(
        self,
        methods: Mapping[str, Endpoint[Any, Any, Any]],
        runtime: Any,
        recognition: Recognition,
        security: SecurityLog,
    ) -> None:
        self._methods = dict(methods)
        allowed = {*methods, "OPTIONS"}
        if "GET" in methods:
            allowed.add("HEAD")
            self._methods["HEAD"] = methods["GET"]
        self._allow = ", ".join(sorted(allowed))
        self._path = next(iter(methods.values())).path
        self._runtime = runtime
        self._recognition = recognition
        self._security = security

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = served(scope)
        record.route = self._path
        endpoint = self._methods.get(scope["method"])
        if endpoint is not None:
            record.operation = endpoint.operation
            try:
                response = await self._respond(endpoint, scope, receive, record)
            except ClientDisconnect:
                return
        elif scope["method"] == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": self._allow})
        else:
            record.code = ProblemCode.METHOD_NOT_ALLOWED.value
            response = response_of(
                Problem(
                    ProblemCode.METHOD_NOT_ALLOWED,
                    "Cette ressource ne connaît pas cette méthode.",
                    headers={"Allow": self._allow},
                )
            )
        if scope["method"] == "HEAD":
            response.body = b""  # its length stays in the header
        await response(scope, receive, send)

    async def _respond(
        self, endpoint: Endpoint[Any, Any, Any], scope: Scope, receive: Receive, record: Served
    ) -> Response:
        headers: Headers = dict(scope["headers"])
        limits: dict[str, str] = {}
        call: Call[Any, Any, Any] | None = None
        try:
            call = await self._read(endpoint, Request(scope, receive), headers, limits)
            response = _present(endpoint, call, await endpoint.handle(call), record, scope)
        except ClientDisconnect:
            raise
        except Exception as error:
            problem = problem_of(error)
            record.code = problem.code.value
            if problem.code is ProblemCode.INTERNAL:
                log.error("rest.bug", error=type(error).__name__, at=frames(error.__traceback__))
            elif problem.code is ProblemCode.UNAVAILABLE:
                log.warning("rest.unavailable", error=type(error).__name__)
            response = response_of(problem)
        response.headers.update(limits)
        caller = None if call is None else call.caller
        self._security.request(
            "rest",
            lambda: [endpoint.operation],
            tuple,
            [record.code] if record.code else (),
            None if caller is None else caller.principal,
            client_address(scope),
        )
        return response

    async def _read(
        self,
        endpoint: Endpoint[Any, Any, Any],
        request: Request,
        headers: Headers,
        limits: dict[str, str],
    ) -> Call[Any, Any, Any]:
        """The request as the endpoint declares it; what is cheap to refuse is refused first."""
        runtime = self._runtime
        address = client_address(request.scope)
        caller = await self._recognised(endpoint, headers, address) if endpoint.schemes else None
        if endpoint.limit is not None:
            bucket = f"rest:{endpoint.operation}:{runtime.place_of(address) if caller is None else caller.id}"
            limits.update(await _count(runtime, bucket, endpoint.limit))
        try:
            now = business_instant(headers, runtime.clock, time_travel=runtime.settings.time_travel)
        except WrongInstant as error:
            raise Problem(ProblemCode.BAD_INPUT, str(error)) from None
        path = read_path(endpoint.path_model, request.path_params)
        query = read_query(endpoint.query_model, request.scope["query_string"])
        key: UUID | None = read_idempotency_key(headers) if endpoint.is_idempotent else None
        body = _NOTHING
        if endpoint.takes_body:
            body = await read_body(endpoint.body_model, request, headers, endpoint.max_body_bytes)
        return Call(
            operation=endpoint.operation,
            path=path,
            query=query,
            body=body,
            caller=caller,
            now=now,
            client_address=address,
            runtime=runtime,
            headers=headers,
            idempotency_key=key,
        )

    async def _recognised(self, endpoint: Endpoint[Any, Any, Any], headers: Headers, address: str) -> Caller:
        try:
            return await self._recognition.caller(headers, endpoint.schemes)
        except InvalidToken as error:
            failure: Exception = error
        except Problem as problem:
            failure = problem
        if b"authorization" in headers:
            await _count(
                self._runtime, f"rest:unrecognised:{self._runtime.place_of(address)}", FAILED_RECOGNITIONS
            )
        raise failure


async def _count(runtime: Any, bucket: str, limit: RateLimit) -> dict[str, str]:
    """Count one request; the headers that tell where its caller stands. Raises Problem TOO_MANY_REQUESTS."""
    now: datetime = runtime.clock.now()
    async with runtime.database.read() as connection:
        hits, began = await throttle.hit(connection, bucket, window=limit.window, now=now)
    seconds = max(1, math.ceil((began + limit.window - now).total_seconds()))
    standing = {
        "RateLimit-Limit": str(limit.count),
        "RateLimit-Remaining": str(max(0, limit.count - hits)),
        "RateLimit-Reset": str(seconds),
    }
    if hits > limit.count:
        too_many(seconds, headers=standing)
    return standing


def _present(
    endpoint: Endpoint[Any, Any, Any],
    call: Call[Any, Any, Any],
    outcome: Answer | Refused | Refusal,
    record: Served,
    scope: Scope,
) -> Response:
    if isinstance(outcome, Refusal):
        outcome = Refused(outcome)
    if isinstance(outcome, Refused):
        refusal = outcome.refusal
        record.code = refusal.code
        return respond(
            outcome.status or endpoint.refusals[type(refusal)],
            refusal.code,
            refusal.message,
            members={**members_of(refusal), **outcome.members},
        )
    model = endpoint.answers[outcome.status]
    if (model is None) != (outcome.body is None) or not isinstance(outcome.body, model or type(None)):
        raise TypeError(f"{endpoint.operation} answers {outcome.status} with a {type(outcome.body).__name__}")
    body = b"" if outcome.body is None else outcome.body.model_dump_json(by_alias=True).encode()
    headers = {"Cache-Control": "no-store", **outcome.headers}
    if endpoint.has_etag:
        etag = outcome.etag or (etag_of_bytes(body) if endpoint.is_read else None)
        if etag is not None:
            headers |= {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
            if endpoint.is_read and is_unchanged(call.headers, etag):
                return Response(status_code=304, headers=headers)
    if outcome.next_cursor is not None:
        headers["Link"] = f'<{_next_page(scope, outcome.next_cursor)}>; rel="next"'
    return Response(body, outcome.status, headers, "application/json" if outcome.body is not None else None)


def _next_page(scope: Scope, cursor: str) -> str:
    """The same request after `cursor`, relative to the address that the client asked."""
    asked = [
        (name, value)
        for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if name != "cursor"
    ]
    return "?" + urlencode([*asked, ("cursor", cursor)])
