"""The HTTP end of a subgraph."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http.streaming import SSETransport

from chassis.auth import InvalidToken, KeysUnavailable, TokenVerifier
from chassis.clock import TRAVEL_HEADER, Clock, parse_instant
from chassis.graphql.context import Context
from chassis.graphql.errors import ErrorCode, present, present_known
from chassis.graphql.schema import Subgraph


class _LineFeedSSE(SSETransport):
    """Hive Gateway splits server-sent events on LF pairs and silently drops those framed by CRLF."""

    def encode_event(self, event: str, data: str | None = None) -> str:
        return super().encode_event(event, data).replace("\r\n", "\n")

    def encode_comment(self, comment: str) -> str:
        return super().encode_comment(comment).replace("\r\n", "\n")


class GraphQLView(GraphQL[Context, None]):
    stream_transport_classes_by_protocol = {
        **GraphQL.stream_transport_classes_by_protocol,
        "graphql-sse": _LineFeedSSE,
    }

    def __init__(
        self, schema: Subgraph, *, house: Any, verifier: TokenVerifier, clock: Clock, time_travel: bool
    ) -> None:
        super().__init__(
            schema, graphql_ide=None, allow_queries_via_get=False, subscription_protocols=("graphql-sse",)
        )
        self._house = house
        self._verifier = verifier
        self._clock = clock
        self._time_travel = time_travel

    async def run(self, request: Any, context: Any = None, root_value: Any = None) -> Any:
        try:
            context = await self._make_context(request)
        except (InvalidToken, KeysUnavailable) as error:
            return _errors([present_known(error)])
        except ValueError as error:
            problem = {
                "message": f"{TRAVEL_HEADER}: {error}",
                "extensions": {"code": ErrorCode.BAD_INPUT.value},
            }
            return _errors([problem])
        return await super().run(request, context, None)

    async def _make_context(self, request: Request) -> Context:
        headers = request.headers
        scheme, _, token = headers.get("authorization", "").partition(" ")
        principal = await self._verifier.verify(token.strip()) if scheme.lower() == "bearer" else None
        now = self._clock.now()
        if self._time_travel and (instant := headers.get(TRAVEL_HEADER)):
            now = parse_instant(instant)
        forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        address = forwarded or (request.client.host if request.client else "")
        return Context(house=self._house, now=now, principal=principal, client_address=address)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        raise AssertionError("run() always makes the context itself")

    async def process_result(self, request: Request, result: Any) -> Any:
        data: dict[str, Any] = {"data": result.data}
        if result.errors:
            data["errors"] = [present(error) for error in result.errors]
        return data

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)


def _errors(errors: list[dict[str, Any]]) -> Response:
    return Response(orjson.dumps({"data": None, "errors": errors}), media_type="application/json")
