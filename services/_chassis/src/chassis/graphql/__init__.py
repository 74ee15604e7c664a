"""The GraphQL side of a service: one federated subgraph with types, limits and errors."""

from chassis.graphql.connections import Connection, Edge, PageInfo, decode_cursor, page, page_size
from chassis.graphql.context import Context, Info, require, require_person
from chassis.graphql.errors import ApiError, ErrorCode
from chassis.graphql.ids import known_uuid, uuid_of
from chassis.graphql.loaders import forget, load
from chassis.graphql.once import once, once_each
from chassis.graphql.refusals import RefusalInterface, answer, refusal_type, result_union
from chassis.graphql.scalars import Cents
from chassis.graphql.schema import build_schema, print_subgraph

__all__ = [
    "ApiError",
    "Cents",
    "Connection",
    "Context",
    "Edge",
    "ErrorCode",
    "Info",
    "PageInfo",
    "RefusalInterface",
    "answer",
    "build_schema",
    "decode_cursor",
    "forget",
    "known_uuid",
    "load",
    "once",
    "once_each",
    "page",
    "page_size",
    "print_subgraph",
    "refusal_type",
    "require",
    "require_person",
    "result_union",
    "uuid_of",
]
