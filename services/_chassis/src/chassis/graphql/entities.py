"""What a router asks of a subgraph by `_entities`: things by type and id, and nothing else.

The engine hands a representation on as it comes: without a type, with a map for an id or with a word more than
a reference takes, it is an exception of ours, logged as a bug. Here it is the asker's mistake.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLSchema, GraphQLUnionType

from chassis.graphql.errors import ApiError, ErrorCode

KEY = "id"
"""Every entity's key, in all contexts; by what a reference names it, `resolve_reference` is given an `id`."""
NODE_KEY = "nodeId"
"""The same under the name that whoever came by `node` knows it by."""
_LONGEST_ID = 100


def check_references(schema: GraphQLSchema) -> None:
    """From now on `_entities` refuses, as BAD_INPUT, what is no reference to an entity of this schema."""
    union = schema.type_map.get("_Entity")
    if not isinstance(union, GraphQLUnionType) or schema.query_type is None:
        return
    entities = frozenset(each.name for each in union.types)
    field = schema.query_type.fields["_entities"]
    resolve: Callable[..., Any] | None = field.resolve
    assert resolve is not None, "strawberry gives every field one"

    def read(source: Any, info: Any, representations: list[Any]) -> Any:
        return resolve(source, info, representations=[_reference(each, entities) for each in representations])

    field.resolve = read


def _reference(given: Any, entities: frozenset[str]) -> dict[str, str]:
    if isinstance(given, Mapping):
        type_name, id_ = given.get("__typename"), given.get(KEY, given.get(NODE_KEY))
        if isinstance(type_name, str) and type_name in entities and _is_id(id_):
            return {"__typename": type_name, KEY: str(id_)}
    raise ApiError(ErrorCode.BAD_INPUT, "Une entité se demande par son type et son identifiant.")


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int) and len(str(value)) <= _LONGEST_ID
