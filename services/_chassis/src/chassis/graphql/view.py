"""The HTTP end of a subgraph: one operation a request, over JSON or as server-sent events.

Plain ASGI on the engine itself. Every answer is JSON with a code of the closed list: 200 whenever
a GraphQL operation was understood, refused ones included; 400 and 415 for what is not one.
"""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

import orjson
from graphql import ExecutionResult, OperationType
from graphql.utilities import get_operation_ast
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis.auth import InvalidToken, KeysUnavailable, TokenVerifier
from chassis.clock import Clock
from chassis.graphql.asked import Operation
from chassis.graphql.context import Context
from chassis.graphql.errors import ApiError, ErrorCode, present, present_known, refusal
from chassis.graphql.limits import MAX_JSON_DEPTH
from chassis.graphql.schema import Subgraph
from chassis.graphql.sse import EventStream
from chassis.incoming import WrongInstant, bearer, business_instant, client_address
from chassis.json_nesting import TooDeep, read_json
from chassis.security_log import SecurityLog, Watch
from chassis.telemetry import refusals
from chassis.web import Served, served

Answer = Response | EventStream

_LONGEST_NAME = 80
"""Characters of an operation's name worth a place in the log."""

_ONE_OPERATION = "Le corps doit être un objet JSON : query, variables, operationName."


@dataclass(frozen=True, slots=True)
class _Asked:
    query: str
    variables: dict[str, Any]
    operation: str | None


class GraphQLView:
    """ASGI endpoint. Mount it with `Route("/graphql", view, methods=["POST"])`."""

    def __init__(
        self,
        schema: Subgraph,
        *,
        runtime: Any,
        verifier: TokenVerifier,
        clock: Clock,
        time_travel: bool,
        live: Any = None,
        security: SecurityLog | None = None,
    ) -> None:
        self._schema = schema
        self._runtime = runtime
        self._verifier = verifier
        self._clock = clock
        self._time_travel = time_travel
        self._live = live
        self._security = security or SecurityLog(Watch(), lambda _: "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(scope, receive, served(scope))
        except ClientDisconnect:
            return
        # Sessions, names and contremarques: nothing between here and the person keeps a copy.
        if isinstance(response, Response):
            response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, record: Served) -> Answer:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if not headers.get(b"content-type", b"").startswith(b"application/json"):
            entry = refusal(ErrorCode.BAD_INPUT, "Le corps doit être de type application/json.")
            return _json({"errors": _noted(record, [entry])}, 415)
        body = await Request(scope, receive).body()
        try:
            context = await self._context(scope, headers)
        except (InvalidToken, KeysUnavailable) as error:
            entries = _noted(record, [present_known(error)])
            self._security.request("token", tuple, tuple, [record.code], None, client_address(scope))
            return _json({"data": None, "errors": entries})
        except ApiError as error:
            return _json({"data": None, "errors": _noted(record, [present(error)])})
        try:
            asked = _read(body)
        except TooDeep:
            entry = refusal(ErrorCode.LIMIT_EXCEEDED, f"Le corps a plus de {MAX_JSON_DEPTH} niveaux.")
            return _json({"errors": _noted(record, [entry])}, 400)
        except ValueError:
            return _json({"errors": _noted(record, [refusal(ErrorCode.BAD_INPUT, _ONE_OPERATION)])}, 400)
        return await self._answer(asked, context, headers.get(b"accept", b""), record)

    async def _answer(self, asked: _Asked, context: Context, accept: bytes, record: Served) -> Answer:
        events = b"text/event-stream" in accept
        # One result is an event only for who reads nothing else: routers accept both for any operation.
        streamed = events and b"json" not in accept and b"*/*" not in accept
        checked = self._schema.check(asked.query)
        if checked.document is None:
            answer = _result(ExecutionResult(None, list(checked.errors)), record, streamed=streamed)
            who = (context.principal, context.client_address)
            self._security.request("document", tuple, tuple, [record.code], *who)
            return answer
        what = (checked.document, asked.variables, asked.operation, context)
        operation = get_operation_ast(checked.document, asked.operation)
        if operation is not None and operation.name is not None:
            record.operation = operation.name.value[:_LONGEST_NAME]
        if operation is None or operation.operation is not OperationType.SUBSCRIPTION:
            answer = _result(await self._schema.perform(*what), record, streamed=streamed)
            if operation is not None:
                self._tell(Operation(checked.document, operation, asked.variables), context, record)
            return answer
        if not events:
            return _result(_NOT_STREAMED, record, streamed=False)
        self._tell(Operation(checked.document, operation, asked.variables), context, record)
        record.route = "subscription"  # it lasts as long as its client likes: no measure of the others
        return EventStream(_texts(self._schema.follow(*what), record))

    def _tell(self, operation: Operation, context: Context, record: Served) -> None:
        codes = [*((record.code,) if record.code else ()), *(refusals.get() or ())]
        kind = operation.operation.operation.value
        who = (context.principal, context.client_address)

        def subjects() -> Iterator[UUID]:
            return chain(context.subjects, operation.subjects())

        self._security.request(kind, operation.acts, subjects, codes, *who)

    async def _context(self, scope: Scope, headers: dict[bytes, bytes]) -> Context:
        token = bearer(headers)
        try:
            now = business_instant(headers, self._clock, time_travel=self._time_travel)
        except WrongInstant as error:
            raise ApiError(ErrorCode.BAD_INPUT, str(error)) from None
        return Context(
            runtime=self._runtime,
            now=now,
            principal=None if token is None else await self._verifier.verify(token),
            client_address=client_address(scope),
            live=self._live,
        )


def _read(body: bytes) -> _Asked:
    """What is asked. Raises TooDeep, and ValueError on anything but one operation."""
    asked = read_json(body, MAX_JSON_DEPTH)
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


def _noted(record: Served, errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries as they are; the first one's code is what the request's log line says."""
    record.code = record.code or errors[0]["extensions"]["code"]
    return errors


def _text(result: ExecutionResult, record: Served) -> bytes:
    shown: dict[str, Any] = {"data": result.data}
    if result.errors:
        shown["errors"] = _noted(record, [present(error) for error in result.errors])
    return orjson.dumps(shown)


async def _texts(
    results: AsyncGenerator[ExecutionResult, None], record: Served
) -> AsyncGenerator[bytes, None]:
    try:
        async for result in results:
            yield _text(result, record)
    finally:
        await results.aclose()


def _result(result: ExecutionResult, record: Served, *, streamed: bool) -> Answer:
    text = _text(result, record)
    if not streamed:
        return Response(text, media_type="application/json")

    async def once() -> AsyncGenerator[bytes, None]:
        yield text

    return EventStream(once())


def _json(answer: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(answer), status, media_type="application/json")
