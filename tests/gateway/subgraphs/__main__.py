"""`python -m subgraphs <identity|catalog|booking> <port>`: one of them, until it is stopped.

`PASS_TEST_JWKS` holds the public keys of the tests, as JSON; `PASS_TEST_ENV=production` closes what production does.
"""

import asyncio
import importlib
import json
import os
import sys
from typing import Any

from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.auth import StaticKeys, TokenVerifier
from chassis.clock import SystemClock
from chassis.graphql.view import GraphQLView
from chassis.settings import CommonSettings
from chassis.web import build_app, serve_http


class _Memory:
    """Remembers the headers of the requests that came in, for the tests to ask."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.seen: list[dict[str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await self._app(scope, receive, send)


def _routes(name: str, jwks: dict[str, Any]) -> list[Route]:
    schema = importlib.import_module(f"subgraphs.{name}").schema
    schema.introspection = os.environ.get("PASS_TEST_ENV") != "production"
    view = _Memory(
        GraphQLView(
            schema,
            runtime=None,
            verifier=TokenVerifier(StaticKeys(KeySet.import_key_set(jwks))),  # type: ignore[arg-type]
            clock=SystemClock(),
            time_travel=True,
        )
    )

    async def seen(_: Request) -> Response:
        requests, view.seen = view.seen, []
        return JSONResponse(requests)

    async def keys(_: Request) -> Response:
        return JSONResponse(jwks)

    return [
        Route("/graphql", view, methods=["POST"]),
        Route("/seen", seen),
        Route("/.well-known/jwks.json", keys),
    ]


def main(name: str, port: int) -> None:
    settings = CommonSettings(env="test", kafka="127.0.0.1:1", jwks_url="http://127.0.0.1:1/", event_keys="")
    app = build_app(routes=_routes(name, json.loads(os.environ["PASS_TEST_JWKS"])), checks={})
    asyncio.run(serve_http(app, settings, port))


main(sys.argv[1], int(sys.argv[2]))
