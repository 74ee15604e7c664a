"""A federated subgraph from the service's root types, and how its operations are executed."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from functools import lru_cache
from inspect import isawaitable
from types import MappingProxyType
from typing import Any, Final

import strawberry
from graphql import DocumentNode, ExecutionResult, GraphQLError, execute, subscribe
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.types import ExecutionContext

from chassis.graphql.entities import check_references
from chassis.graphql.errors import discreet, report
from chassis.graphql.global_ids import edge
from chassis.graphql.glossary import Glossary, describe
from chassis.graphql.preflight import Checked, check
from chassis.graphql.scalars import SCALARS

FEDERATION: Final = "2.9"
"""The newest version that both the composer and the two routers read."""


class _Names(NameConverter):
    """camelCase, worked out once a name: the arguments of each request are looked up by it."""

    apply_naming_config = lru_cache(maxsize=None)(NameConverter.apply_naming_config)


class Subgraph(strawberry.federation.Schema):
    introspection: bool = True
    globalise: Callable[[], None] | None = None

    def with_global_ids(self) -> "Subgraph":
        """This very schema, its ids global from now on: as it is served. Without, it speaks of UUIDs."""
        if self.globalise is not None:
            self.globalise()
        return self

    def check(self, text: str) -> Checked:
        """The document in `text`, parsed, within the limits and valid, or why not."""
        return check(self._schema, text, introspection=self.introspection)

    async def perform(
        self, document: DocumentNode, variables: dict[str, Any], operation: str | None, context: Any
    ) -> ExecutionResult:
        """The result of a checked query or mutation. Errors are in it, and reported."""
        # Straight to the engine: what strawberry's own `execute` adds are its extensions, and we use none.
        pending = execute(
            self._schema,
            document,
            variable_values=variables,
            operation_name=operation,
            context_value=context,
            executor_class=self.execution_context_class,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # a TypeGuard in all but name
            operation_extensions=None,
        )
        result: ExecutionResult = await pending if isawaitable(pending) else pending
        return self._reported(result)

    async def follow(
        self, document: DocumentNode, variables: dict[str, Any], operation: str | None, context: Any
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The results of a checked subscription, as they come. One that fails ends with its error."""
        try:
            opening = subscribe(
                self._schema,
                document,
                variable_values=variables,
                operation_name=operation,
                context_value=context,
                executor_class=self.execution_context_class,
                operation_extensions=None,
            )
            opened = await opening if isawaitable(opening) else opening
            if isinstance(opened, ExecutionResult):
                yield self._reported(opened)
                return
            try:
                async for result in opened:
                    yield self._reported(result)
            finally:
                await opened.aclose()  # type: ignore[attr-defined]
        except Exception as error:
            failed = GraphQLError("", original_error=error)
            self.process_errors([failed])
            yield ExecutionResult(None, [failed])

    def _reported(self, result: ExecutionResult) -> ExecutionResult:
        """The result with its errors reported; in production they quote nothing of the request."""
        self.process_errors(result.errors or [])
        if result.errors and not self.introspection:
            result.errors = [discreet(error) for error in result.errors]
        return result

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
    ids: Mapping[str, str] | None = None,
    glossary: Glossary = MappingProxyType({}),
) -> Subgraph:
    """The schema of a subgraph; `types` lists entities that no root field reaches.

    `glossary` says what names mean whose fields do not say it.
    `ids` tells `edge` of which types the ids are whose names do not say it; without, they stay UUIDs.
    """
    schema = Subgraph(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=types,
        federation_version=FEDERATION,
        config=StrawberryConfig(name_converter=_Names(), scalar_map=SCALARS),
    )
    describe(schema._schema, glossary)
    check_references(schema._schema)
    schema.introspection = introspection
    schema.globalise = edge(schema._schema, ids) if ids is not None else None
    return schema


def print_subgraph(schema: Subgraph) -> str:
    """The SDL that is committed as `contracts/schema.graphql` and composed into the supergraph."""
    return schema.as_str().rstrip() + "\n"
