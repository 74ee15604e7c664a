"""Composition: one process that reads the topics and answers searches."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.routing import Route
from starlette.types import ASGIApp

from chassis.auth import Keys, RemoteKeys, TokenVerifier
from chassis.graphql.view import GraphQLView
from chassis.web import build_app
from search.api.graphql.schema import subgraph
from search.runtime import SearchRuntime


def application(runtime: SearchRuntime, keys: Keys | None = None) -> ASGIApp:
    """The HTTP application; its lifespan reads the topics, and closes the runtime at the end."""
    settings = runtime.settings
    view = GraphQLView(
        subgraph(introspection=settings.env != "production").with_global_ids(),
        runtime=runtime,
        verifier=TokenVerifier(keys or RemoteKeys(settings.jwks_url, settings.inner())),
        clock=runtime.clock,
        time_travel=settings.time_travel,
    )

    reader: asyncio.Task[None] | None = None

    async def reads() -> str | None:
        return "the topics are not read any more" if reader is None or reader.done() else None

    @asynccontextmanager
    async def reading() -> AsyncIterator[None]:
        nonlocal reader
        stop = asyncio.Event()
        reader = asyncio.create_task(runtime.reader.run(stop))
        try:
            yield
        finally:
            stop.set()
            reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reader
            await runtime.close()

    return build_app(
        routes=[Route("/graphql", view, methods=["POST"])],
        checks={"topics": runtime.caught_up, "reader": reads},
        lifespan=reading,
        client_address_header=settings.client_address_header,
    )
