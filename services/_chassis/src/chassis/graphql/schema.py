"""A federated subgraph from the service's root types."""

from collections.abc import Iterable
from typing import Any, Final

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from chassis.graphql.errors import report
from chassis.graphql.preflight import Preflight, PreflightWithoutIntrospection
from chassis.graphql.scalars import SCALARS

FEDERATION: Final = "2.9"
"""The newest version that both the composer and the two routers read."""


class Subgraph(strawberry.federation.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        for error in errors:
            report(error)


def build_schema(
    query: type[Any],
    mutation: type[Any] | None = None,
    subscription: type[Any] | None = None,
    *,
    types: Iterable[type[Any]] = (),
    introspection: bool = True,
) -> Subgraph:
    """The schema of a subgraph; `types` lists entities that no root field reaches."""
    return Subgraph(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=types,
        federation_version=FEDERATION,
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[Preflight if introspection else PreflightWithoutIntrospection],
    )


def print_subgraph(schema: Subgraph) -> str:
    """The SDL that is committed as `contracts/schema.graphql` and composed into the supergraph."""
    return schema.as_str().rstrip() + "\n"
