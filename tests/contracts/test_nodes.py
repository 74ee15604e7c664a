"""Every thing with an id is found by `node`: where it is found is said by the types of its context."""

import importlib

import pytest
from graphql import GraphQLObjectType, GraphQLSchema

from chassis.graphql.schema import Subgraph
from identity.api.graphql.types import NODES

SUBGRAPHS = ("identity", "catalog", "search", "booking", "finance")


def _subgraph(name: str) -> Subgraph:
    built: Subgraph = importlib.import_module(f"{name}.api.graphql.schema").subgraph(True)
    return built


def _found_by_node(schema: GraphQLSchema) -> set[str]:
    return {
        type_.name
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and "nodeId" in type_.fields
    }


def test_identity_stands_in_for_every_type_of_the_others_that_is_found_by_its_id() -> None:
    others = [_found_by_node(_subgraph(name)._schema) for name in SUBGRAPHS if name != "identity"]
    assert sum(map(len, others)) == len(set().union(*others)), "each is found in one context"
    assert {stub.__name__ for stub in NODES.stubs} == set().union(*others)
    assert _found_by_node(_subgraph("identity")._schema) == set().union(*others)


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_the_ids_of_every_subgraph_are_global_where_it_is_served(name: str) -> None:
    assert _subgraph(name).globalise is not None


@pytest.mark.parametrize("name", ["catalog", "booking", "finance"])
def test_what_is_found_by_node_is_judged_where_it_lives(name: str) -> None:
    """Who made a thing's id up, or may not see the thing, is told that there is none: by its own context."""
    schema = _subgraph(name)
    for type_name in _found_by_node(schema._schema):
        definition = schema.schema_converter.type_map[type_name].definition
        assert "info" in definition.origin.resolve_reference.__annotations__, type_name  # type: ignore[union-attr]
