"""The HTTP end of a subgraph: one operation a request, over JSON or as server-sent events.

Plain ASGI on the engine itself. Every answer is JSON with a code of the closed list: 200 whenever
a GraphQL operation was understood, refused ones included; 400 and 415 for what is not one.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from graphql import ExecutionResult, OperationType
from graphql.utilities import get_operation_ast
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis.auth import InvalidToken, KeysUnavailable, Principal, TokenVerifier
from chassis.clock import TRAVEL_HEADER, Clock, parse_instant
from chassis.graphql.context import Context
from chassis.graphql.errors import ApiError, ErrorCode, present, present_known, refusal
from chassis.graphql.schema import Subgraph
from chassis.graphql.sse import event_stream

_TRAVEL = TRAVEL_HEADER.encode()
_ONE_OPERATION = "Le corps doit être un objet JSON : query, variables, operationName."


@dataclass(frozen=True, slots=True)
class _Asked:
    query: str
    variables: dict[str, Any]
    operation: str | None


class GraphQLView:
    """ASGI endpoint. Mount it with `Route("/graphql", view, methods=["POST"])`."""

    def __init__(
        self, schema: Subgraph, *, runtime: Any, verifier: TokenVerifier, clock: Clock, time_travel: bool
    ) -> None:
        self._schema = schema
        self._runtime = runtime
        self._verifier = verifier
        self._clock = clock
        self._time_travel = time_travel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(scope, receive)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if not headers.get(b"content-type", b"").startswith(b"application/json"):
            return _refused(415, ErrorCode.BAD_INPUT, "Le corps doit être de type application/json.")
        body = await Request(scope, receive).body()
        try:
            context = await self._context(scope, headers)
        except (InvalidToken, KeysUnavailable) as error:
            return _json({"data": None, "errors": [present_known(error)]})
        except ApiError as error:
            return _json({"data": None, "errors": [present(error)]})
        try:
            asked = _read(body)
        except ValueError:
            return _refused(400, ErrorCode.BAD_INPUT, _ONE_OPERATION)
        return await self._answer(asked, context, headers.get(b"accept", b""))

    async def _answer(self, asked: _Asked, context: Context, accept: bytes) -> Response:
        events = b"text/event-stream" in accept
        # One result is an event only for who reads nothing else: routers accept both for any operation.
        streamed = events and b"json" not in accept and b"*/*" not in accept
        checked = self._schema.check(asked.query)
        if checked.document is None:
            return _result(ExecutionResult(None, list(checked.errors)), streamed=streamed)
        what = (checked.document, asked.variables, asked.operation, context)
        operation = get_operation_ast(checked.document, asked.operation)
        if operation is None or operation.operation is not OperationType.SUBSCRIPTION:
            return _result(await self._schema.perform(*what), streamed=streamed)
        if not events:
            return _result(_NOT_STREAMED, streamed=False)
        return event_stream(_texts(self._schema.follow(*what)))

    async def _context(self, scope: Scope, headers: dict[bytes, bytes]) -> Context:
        principal = await self._principal(headers.get(b"authorization"))
        forwarded = headers.get(b"x-forwarded-for", b"").rpartition(b",")[2].strip().decode("latin-1")
        client = scope.get("client")
        return Context(
            runtime=self._runtime,
            now=self._now(headers),
            principal=principal,
            client_address=forwarded or (client[0] if client else ""),
        )

    async def _principal(self, authorization: bytes | None) -> Principal | None:
        if authorization is None:
            return None
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise InvalidToken
        return await self._verifier.verify(token.strip())

    def _now(self, headers: dict[bytes, bytes]) -> datetime:
        instant = headers.get(_TRAVEL) if self._time_travel else None
        if not instant:
            return self._clock.now()
        try:
            return parse_instant(instant.decode("latin-1"))
        except ValueError as error:
            raise ApiError(ErrorCode.BAD_INPUT, f"{TRAVEL_HEADER}: {error}") from None


def _read(body: bytes) -> _Asked:
    """What is asked. Raises ValueError on anything but one operation."""
    asked = orjson.loads(body)
    if not isinstance(asked, dict):
        raise ValueError("not an object")
    query, variables = asked.get("query"), asked.get("variables") or {}
    operation = asked.get("operationName") or None
    if not isinstance(query, str) or not isinstance(variables, dict):
        raise ValueError("not an operation")
    if not isinstance(operation, str | None):
        raise ValueError("not a name")
    return _Asked(query, variables, operation)


_NOT_STREAMED = ExecutionResult(
    None, [ApiError(ErrorCode.GRAPHQL_INVALID, "Une souscription se demande avec Accept: text/event-stream.")]
)


def _text(result: ExecutionResult) -> bytes:
    shown: dict[str, Any] = {"data": result.data}
    if result.errors:
        shown["errors"] = [present(error) for error in result.errors]
    return orjson.dumps(shown)


async def _texts(results: AsyncGenerator[ExecutionResult, None]) -> AsyncGenerator[bytes, None]:
    try:
        async for result in results:
            yield _text(result)
    finally:
        await results.aclose()


def _result(result: ExecutionResult, *, streamed: bool) -> Response:
    if not streamed:
        return Response(_text(result), media_type="application/json")

    async def once() -> AsyncGenerator[bytes, None]:
        yield _text(result)

    return event_stream(once())


def _json(answer: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(answer), status, media_type="application/json")


def _refused(status: int, code: ErrorCode, message: str) -> Response:
    return _json({"errors": [refusal(code, message)]}, status)
