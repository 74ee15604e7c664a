"""Parsing, limits and validation of a document, once per distinct text.

What the gateway refuses, a subgraph refuses too: depth, aliases, tokens, directives.
"""

from collections.abc import Iterator
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, specified_rules
from graphql.language import DirectiveNode, Visitor, visit
from graphql.validation import ASTValidationRule, NoSchemaIntrospectionCustomRule, ValidationContext, validate
from strawberry.extensions import SchemaExtension
from strawberry.extensions.max_aliases import create_validator as limit_aliases
from strawberry.extensions.query_depth_limiter import create_validator as limit_depth

from chassis.graphql.errors import ErrorCode

MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_TOKENS = 1500
MAX_DIRECTIVES = 50
_DOCUMENTS = 1000


class _DirectiveLimit(ASTValidationRule):
    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        counter = _DirectiveCounter()
        visit(context.document, counter)
        if counter.count > MAX_DIRECTIVES:
            context.report_error(
                GraphQLError(
                    f"{counter.count} directives found. Allowed: {MAX_DIRECTIVES}",
                    extensions={"code": ErrorCode.LIMIT_EXCEEDED.value},
                )
            )


class _DirectiveCounter(Visitor):
    count = 0

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        self.count += 1


_LIMITS: tuple[type[ASTValidationRule], ...] = (
    limit_depth(MAX_DEPTH, None),
    limit_aliases(MAX_ALIASES),
    _DirectiveLimit,
)


@lru_cache(maxsize=_DOCUMENTS)
def _parsed(text: str) -> DocumentNode:
    return parse(text, max_tokens=MAX_TOKENS)


@lru_cache(maxsize=_DOCUMENTS)
def _verdict(schema: GraphQLSchema, text: str, introspection: bool) -> tuple[GraphQLError, ...]:
    document = _parsed(text)
    # The limits come first and alone: the standard rules may cost more than linear time
    # on a document made to be expensive.
    exceeded = validate(schema, document, _LIMITS)
    if exceeded:
        for error in exceeded:
            error.extensions = {"code": ErrorCode.LIMIT_EXCEEDED.value}
        return tuple(exceeded)
    rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
    return tuple(validate(schema, document, rules))


class Preflight(SchemaExtension):
    """Replaces the engine's parse and validate steps by the cached ones."""

    introspection = True

    def on_parse(self) -> Iterator[None]:
        query = self.execution_context.query
        if query is not None:
            self.execution_context.graphql_document = _parsed(query)
        yield

    def on_validate(self) -> Iterator[None]:
        query = self.execution_context.query
        if query is not None:
            schema: GraphQLSchema = self.execution_context.schema._schema
            self.execution_context.pre_execution_errors = list(_verdict(schema, query, self.introspection))
        yield


class PreflightWithoutIntrospection(Preflight):
    introspection = False
