"""The GraphQL side of a service: one federated subgraph with types, limits and errors."""

from chassis.graphql.connections import (
    After,
    Before,
    Connection,
    Edge,
    First,
    Last,
    PageInfo,
    connection_of,
    decode_cursor,
    page,
    page_size,
    window,
)
from chassis.graphql.context import Context, Info, require, require_person, spend
from chassis.graphql.errors import ApiError, ErrorCode
from chassis.graphql.global_ids import PLAIN, global_id, read_global_id
from chassis.graphql.ids import known_uuid, uuid_of
from chassis.graphql.judged import judged
from chassis.graphql.loaders import forget, load
from chassis.graphql.nodes import KEYS, Node, Nodes, node_id, seen
from chassis.graphql.once import done_before, once, once_each
from chassis.graphql.refusals import RefusalInterface, answer, refusal_type, result_union
from chassis.graphql.scalars import Cents
from chassis.graphql.schema import build_schema, print_subgraph
from chassis.graphql.tries import count_place, count_try

__all__ = [
    "KEYS",
    "PLAIN",
    "After",
    "ApiError",
    "Before",
    "Cents",
    "Connection",
    "Context",
    "Edge",
    "ErrorCode",
    "First",
    "Info",
    "Last",
    "Node",
    "Nodes",
    "PageInfo",
    "RefusalInterface",
    "answer",
    "build_schema",
    "connection_of",
    "count_place",
    "count_try",
    "decode_cursor",
    "done_before",
    "forget",
    "global_id",
    "judged",
    "known_uuid",
    "load",
    "node_id",
    "once",
    "once_each",
    "page",
    "page_size",
    "print_subgraph",
    "read_global_id",
    "refusal_type",
    "require",
    "require_person",
    "result_union",
    "seen",
    "spend",
    "uuid_of",
    "window",
]
